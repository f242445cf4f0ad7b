//! Mail as it leaves: read by a mail server that notes every word.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::sync::{Arc, Mutex};

use chrono::DateTime;
use domain::{OrganizationRole, Role, invitation::Offer};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use services::mail::{Content, Letter};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use super::*;

/// What a mail server was told in one session.
#[derive(Clone, Debug, Default)]
struct Heard {
    commands: Vec<String>,
    /// How many of them came before the connection was encrypted.
    open: usize,
    message: String,
}

type Sessions = Arc<Mutex<Vec<Heard>>>;

/// A mail server on loopback (RFC 5321) that answers `RCPT TO` with `answer`, and encrypts so if it can.
async fn mail_server(answer: &'static str, tls: Option<(MailTls, TlsAcceptor)>) -> (u16, Sessions) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Sessions::default();
    let all = heard.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut session = Heard::default();
            match &tls {
                None => drop(talk(stream, answer, true, false, &mut session).await),
                // A client that does not trust the server hangs up.
                Some((MailTls::Tls, acceptor)) => {
                    let Ok(stream) = acceptor.accept(stream).await else { continue };
                    drop(talk(stream, answer, true, false, &mut session).await);
                }
                Some((_, acceptor)) => {
                    let Some(stream) = talk(stream, answer, true, true, &mut session).await else { continue };
                    session.open = session.commands.len();
                    let Ok(stream) = acceptor.accept(stream).await else { continue };
                    drop(talk(stream, answer, false, false, &mut session).await);
                }
            }
            if !session.message.is_empty() {
                all.lock().unwrap().push(session);
            }
        }
    });
    (port, heard)
}

/// Answers until the client leaves; the stream is given back where the client asked to encrypt it.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    answer: &str,
    greets: bool,
    encrypts: bool,
    session: &mut Heard,
) -> Option<S> {
    let mut stream = BufReader::new(stream);
    if greets {
        stream.write_all(b"220 mail.test ESMTP\r\n").await.unwrap();
    }
    let mut line = String::new();
    while stream.read_line(&mut line).await.is_ok_and(|read| read > 0) {
        let verb = line.trim_end().split([' ', ':']).next().unwrap().to_uppercase();
        session.commands.push(std::mem::take(&mut line).trim_end().to_owned());
        let reply = match verb.as_str() {
            "EHLO" if encrypts => "250-mail.test\r\n250 STARTTLS",
            "EHLO" => "250-mail.test\r\n250-8BITMIME\r\n250 AUTH PLAIN",
            "STARTTLS" => "220 go on",
            "AUTH" => "235 welcome",
            "RCPT" => answer,
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        stream.write_all(format!("{reply}\r\n").as_bytes()).await.unwrap();
        stream.flush().await.unwrap();
        if verb == "STARTTLS" {
            return Some(stream.into_inner());
        }
        if verb == "DATA" {
            while stream.read_line(&mut line).await.is_ok_and(|read| read > 0) {
                let part = std::mem::take(&mut line);
                if part == ".\r\n" {
                    break;
                }
                session.message.push_str(part.trim_end_matches("\r\n"));
                session.message.push('\n');
            }
            stream.write_all(b"250 taken\r\n").await.unwrap();
            stream.flush().await.unwrap();
        }
        if verb == "QUIT" {
            break;
        }
    }
    None
}

/// An authority, in a file, and the means to prove to be `host` by it.
fn vouched(host: &str) -> (tempfile::NamedTempFile, TlsAcceptor) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let certificate = authority.self_signed(&key).unwrap();
    let issuer = Issuer::new(authority, key);
    let own = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec![host.to_owned()]).unwrap().signed_by(&own, &issuer).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], PrivatePkcs8KeyDer::from(own.serialize_der()).into())
        .unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), certificate.pem()).unwrap();
    (file, TlsAcceptor::from(Arc::new(config)))
}

fn config(port: u16) -> Mail {
    Mail {
        host: "127.0.0.1".into(),
        port,
        tls: MailTls::None,
        user: "sluice".into(),
        password: "hunter2".into(),
        password_file: String::new(),
        ca_file: String::new(),
        from: "Sluice <sluice@example.org>".into(),
    }
}

fn invitation(language: &str, project: &str) -> Letter {
    Letter {
        to: "new@acme.test".into(),
        language: language.into(),
        content: Content::Invitation {
            offer: Offer {
                project: Some(project.into()),
                organization: "Acme <b>".into(),
                role: Role::Developer.into(),
                invited_by: Some("Olive".into()),
                email: Some("new@acme.test".into()),
                created_at: DateTime::UNIX_EPOCH,
                expires_at: DateTime::from_timestamp(1_790_000_000, 0).unwrap(),
            },
            token: "sli_secret".to_owned().into(),
        },
    }
}

fn base() -> Url {
    "https://mcp.example.org/".parse().unwrap()
}

fn sender(port: u16) -> Post {
    post(&config(port), &base()).unwrap().unwrap()
}

#[test]
fn an_invitation_says_who_invites_to_what_until_when() {
    let letter::Written { subject, text, html } = letter::write(&invitation("en", "Payments"), &base());
    assert_eq!(subject, "Invitation to Payments");
    for part in [
        "Olive invites you to the project Payments of Acme <b>.",
        "https://mcp.example.org/invitation?token=sli_secret",
        "until 2026-09-21 14:13 UTC",
        "only for new@acme.test",
        "Developer",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(html.contains("<a href=\"https://mcp.example.org/invitation?token=sli_secret\">"));
    assert!(html.contains("Acme &lt;b&gt;") && !html.contains("<b>"), "{html}");
    let korean = letter::write(&invitation("ko", "결제"), &base());
    assert_eq!(korean.subject, "결제 초대");
    assert!(korean.text.starts_with("Olive 님이 결제 프로젝트(Acme <b>)에 초대했습니다."), "{}", korean.text);
    assert!(korean.html.contains("<html lang=\"ko\">"));
}

#[test]
fn an_invitation_to_an_organization_names_no_project() {
    let mut letter = invitation("en", "Payments");
    let Content::Invitation { offer, .. } = &mut letter.content else { panic!("an invitation") };
    (offer.project, offer.role) = (None, OrganizationRole::Member.into());
    let english = letter::write(&letter, &base());
    assert_eq!(english.subject, "Invitation to Acme <b>");
    assert!(english.text.starts_with("Olive invites you to the organization Acme <b>."), "{}", english.text);
    assert!(english.text.contains("Your role: Member."), "{}", english.text);
    letter.language = "ko".into();
    let korean = letter::write(&letter, &base());
    assert!(korean.text.starts_with("Olive 님이 Acme <b> 조직에 초대했습니다."), "{}", korean.text);
}

#[tokio::test]
async fn a_mail_goes_to_the_invited_alone_whatever_names_hold() {
    let (port, heard) = mail_server("250 fine", None).await;
    let name = "Pay\r\nBcc: thief@evil.test\r\n\r\nments";
    sender(port)(invitation("en", name)).await.unwrap();
    let session = heard.lock().unwrap()[0].clone();
    let to: Vec<_> = session.commands.iter().filter(|line| line.starts_with("RCPT")).collect();
    assert_eq!(to, ["RCPT TO:<new@acme.test>"]);
    assert!(session.commands.iter().any(|line| line.starts_with("AUTH PLAIN ")));
    let (head, body) = session.message.split_once("\n\n").unwrap();
    assert!(!head.lines().any(|line| line.to_lowercase().starts_with("bcc")), "{head}");
    for line in ["From: Sluice <sluice@example.org>", "To: new@acme.test", "Auto-Submitted: auto-generated"] {
        assert!(head.lines().any(|found| found == line), "{line}: {head}");
    }
    assert!(head.contains("multipart/alternative"), "{head}");
    assert!(body.contains("text/plain") && body.contains("text/html"), "{body}");
}

#[tokio::test]
async fn a_refusal_says_why_and_whether_for_good() {
    let (port, _) = mail_server("550 no such mailbox", None).await;
    let refusal = sender(port)(invitation("en", "Payments")).await.unwrap_err();
    assert!(refusal.for_good && refusal.reason.contains("no such mailbox"), "{refusal:?}");
    let (port, _) = mail_server("451 come back later", None).await;
    let refusal = sender(port)(invitation("en", "Payments")).await.unwrap_err();
    assert!(!refusal.for_good && refusal.reason.contains("come back later"), "{refusal:?}");
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let refusal = sender(closed)(invitation("en", "Payments")).await.unwrap_err();
    assert!(!refusal.for_good && !refusal.reason.contains("hunter2"), "{refusal:?}");
}

#[tokio::test]
async fn a_mail_server_that_cannot_encrypt_gets_nothing() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (port, heard) = mail_server("250 fine", None).await;
    let config = Mail { tls: MailTls::Starttls, ..config(port) };
    let refusal = post(&config, &base()).unwrap().unwrap()(invitation("en", "Payments")).await.unwrap_err();
    assert!(refusal.reason.to_lowercase().contains("starttls"), "{refusal:?}");
    assert!(heard.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_mail_goes_encrypted_to_a_server_that_the_operators_authority_vouches_for() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    for tls in [MailTls::Starttls, MailTls::Tls] {
        let (file, acceptor) = vouched("127.0.0.1");
        let (port, heard) = mail_server("250 fine", Some((tls, acceptor))).await;
        let trusting = Mail { tls, ca_file: file.path().display().to_string(), ..config(port) };
        post(&trusting, &base()).unwrap().unwrap()(invitation("en", "Payments")).await.unwrap();
        let session = heard.lock().unwrap().pop().unwrap();
        let open = &session.commands[..session.open];
        let verbs: Vec<_> = open.iter().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(verbs, if tls == MailTls::Tls { vec![] } else { vec!["EHLO", "STARTTLS"] });
        assert!(session.commands[session.open..].iter().any(|line| line.starts_with("AUTH PLAIN ")));
        assert!(session.message.contains("To: new@acme.test"), "{tls:?}: {}", session.message);
    }
}

#[tokio::test]
async fn a_mail_server_that_nobody_vouches_for_gets_nothing() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    for tls in [MailTls::Starttls, MailTls::Tls] {
        let (file, acceptor) = vouched("mail.elsewhere.test");
        let (_, own) = vouched("127.0.0.1");
        let named = Mail { tls, ca_file: file.path().display().to_string(), ..config(0) };
        let unknown = Mail { tls, ..config(0) };
        for (mail, acceptor) in [(named, acceptor), (unknown, own)] {
            let (port, heard) = mail_server("250 fine", Some((tls, acceptor))).await;
            let sender = post(&Mail { port, ..mail }, &base()).unwrap().unwrap();
            let refusal = sender(invitation("en", "Payments")).await.unwrap_err();
            assert!(!refusal.for_good, "the operator may mend it: {refusal:?}");
            assert!(refusal.reason.to_lowercase().contains("certificate"), "{refusal:?}");
            assert!(heard.lock().unwrap().is_empty());
        }
    }
}

#[test]
fn a_file_without_certificates_is_refused_at_the_start() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "no certificate").unwrap();
    let mail = Mail { tls: MailTls::Tls, ca_file: file.path().display().to_string(), ..config(465) };
    let error = format!("{:#}", mail.authorities().err().unwrap());
    assert!(error.contains("mail.ca_file"), "{error}");
}
