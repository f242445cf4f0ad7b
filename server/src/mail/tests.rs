//! Mail as it leaves: read by a mail server that notes every word.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::sync::{Arc, Mutex};

use chrono::DateTime;
use domain::{OrganizationRole, Role, invitation::Offer};
use services::mail::{Content, Letter};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};

use super::*;

/// What a mail server was told in one session.
#[derive(Clone, Debug, Default)]
struct Heard {
    commands: Vec<String>,
    message: String,
}

/// A mail server on loopback (RFC 5321) that answers `RCPT TO` with `answer`.
async fn mail_server(answer: &'static str) -> (u16, Arc<Mutex<Vec<Heard>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let all = heard.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (read, mut write) = stream.split();
            let mut lines = BufReader::new(read).lines();
            let mut session = Heard::default();
            write.write_all(b"220 mail.test ESMTP\r\n").await.unwrap();
            while let Ok(Some(line)) = lines.next_line().await {
                let verb = line.split([' ', ':']).next().unwrap().to_uppercase();
                session.commands.push(line);
                let reply = match verb.as_str() {
                    "EHLO" => "250-mail.test\r\n250-8BITMIME\r\n250 AUTH PLAIN",
                    "AUTH" => "235 welcome",
                    "RCPT" => answer,
                    "DATA" => "354 go on",
                    "QUIT" => "221 bye",
                    _ => "250 fine",
                };
                write.write_all(format!("{reply}\r\n").as_bytes()).await.unwrap();
                if verb == "DATA" {
                    while let Ok(Some(line)) = lines.next_line().await {
                        if line == "." {
                            break;
                        }
                        session.message.push_str(&line);
                        session.message.push('\n');
                    }
                    write.write_all(b"250 taken\r\n").await.unwrap();
                    all.lock().unwrap().push(session.clone());
                }
            }
        }
    });
    (port, heard)
}

fn config(port: u16) -> Mail {
    Mail {
        host: "127.0.0.1".into(),
        port,
        tls: MailTls::None,
        user: "sluice".into(),
        password: "hunter2".into(),
        password_file: String::new(),
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
    let (port, heard) = mail_server("250 fine").await;
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
    let (port, _) = mail_server("550 no such mailbox").await;
    let refusal = sender(port)(invitation("en", "Payments")).await.unwrap_err();
    assert!(refusal.for_good && refusal.reason.contains("no such mailbox"), "{refusal:?}");
    let (port, _) = mail_server("451 come back later").await;
    let refusal = sender(port)(invitation("en", "Payments")).await.unwrap_err();
    assert!(!refusal.for_good && refusal.reason.contains("come back later"), "{refusal:?}");
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let refusal = sender(closed)(invitation("en", "Payments")).await.unwrap_err();
    assert!(!refusal.for_good && !refusal.reason.contains("hunter2"), "{refusal:?}");
}

#[tokio::test]
async fn a_mail_server_that_cannot_encrypt_gets_nothing() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (port, heard) = mail_server("250 fine").await;
    let config = Mail { tls: MailTls::Starttls, ..config(port) };
    let refusal = post(&config, &base()).unwrap().unwrap()(invitation("en", "Payments")).await.unwrap_err();
    assert!(refusal.reason.to_lowercase().contains("starttls"), "{refusal:?}");
    assert!(heard.lock().unwrap().is_empty());
}
