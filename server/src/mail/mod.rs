//! Mail over SMTP, where the operator has set a server up.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart},
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};
use services::mail::{Letter, Post, Refusal};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::config::{Mail, MailTls};

mod letter;
#[cfg(test)]
mod tests;

/// For each word of the mail server, and for a mail as a whole.
const STEP: Duration = Duration::from_secs(15);
const WHOLE: Duration = Duration::from_secs(60);

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// The way to send mail; none where no server is set up.
pub(crate) fn post(config: &Mail, public_url: &Url) -> Result<Option<Post>> {
    if config.host.is_empty() {
        return Ok(None);
    }
    let transport = transport(config)?;
    let from: Mailbox = config.from.parse().context("`mail.from`")?;
    let public_url = public_url.clone();
    Ok(Some(Arc::new(move |letter| {
        let (transport, from, public_url) = (transport.clone(), from.clone(), public_url.clone());
        Box::pin(async move {
            let sent = tokio::time::timeout(WHOLE, send(&transport, from, &letter, &public_url)).await;
            let late =
                |_| Refusal { for_good: false, reason: "The mail server did not answer in time.".into() };
            sent.map_err(late)?
        })
    })))
}

fn transport(config: &Mail) -> Result<Transport> {
    let authorities = config.authorities()?;
    let parameters = || {
        let mut parameters = TlsParameters::builder(config.host.clone());
        if let Some(authorities) = authorities.clone() {
            parameters = parameters.add_root_certificate(authorities);
        }
        parameters.build().context("TLS for mail cannot be set up")
    };
    let (tls, port) = match config.tls {
        MailTls::Starttls => (Tls::Required(parameters()?), 587),
        MailTls::Tls => (Tls::Wrapper(parameters()?), 465),
        MailTls::None => (Tls::None, 25),
    };
    let mut builder = Transport::builder_dangerous(&config.host)
        .tls(tls)
        .port(if config.port == 0 { port } else { config.port })
        .timeout(Some(STEP));
    if !config.user.is_empty() {
        builder = builder.credentials(Credentials::new(config.user.clone(), config.password()?));
    }
    Ok(builder.build())
}

async fn send(
    transport: &Transport,
    from: Mailbox,
    letter: &Letter,
    public_url: &Url,
) -> Result<(), Refusal> {
    let never = |reason: String| Refusal { for_good: true, reason };
    let to = letter.to.parse().map_err(|_| never("The address cannot be written to.".to_owned()))?;
    let letter::Written { subject, text, html } = letter::write(letter, public_url);
    let message = Message::builder()
        .from(from)
        .to(Mailbox::new(None, to))
        .subject(subject)
        // RFC 3834: whoever is away does not answer it.
        .header(AutoSubmitted)
        .multipart(MultiPart::alternative_plain_html(text, html))
        .map_err(|error| never(error.to_string()))?;
    match transport.send(message).await {
        Ok(_) => Ok(()),
        Err(error) => Err(Refusal { for_good: error.is_permanent(), reason: reason(&error) }),
    }
}

/// The error with what is behind it: the outermost says "Connection error" only.
fn reason(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        cause = inner.source();
    }
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[derive(Clone)]
struct AutoSubmitted;

impl lettre::message::header::Header for AutoSubmitted {
    fn name() -> lettre::message::header::HeaderName {
        lettre::message::header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> lettre::message::header::HeaderValue {
        lettre::message::header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Delivers what is queued until `stop`.
pub(crate) async fn deliver(services: services::Services, stop: CancellationToken) {
    loop {
        if let Err(error) = services.mails().deliver().await {
            tracing::warn!(cause = error.private_message(), "mails could not be delivered");
        }
        let mails = services.mails();
        tokio::select! {
            () = stop.cancelled() => return,
            () = mails.waiting() => {}
        }
    }
}
