//! What mails say: plain text, and the same as simple HTML.

use app::i18n::{Locale, Mail as Words, Text, filled};
use secrecy::ExposeSecret;
use services::mail::{Content, Letter};
use url::Url;

/// A letter in words.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

pub(super) fn write(letter: &Letter, public_url: &Url) -> Written {
    let locale = Locale::parse(&letter.language).unwrap_or_default();
    let (words, t) = (Words::of(locale), Text::of(locale));
    let base = public_url.as_str().trim_end_matches('/');
    match &letter.content {
        Content::Test => {
            let body = filled(words.test_body, &[base]);
            let html = page(locale, &[paragraph(&body)]);
            Written { subject: words.test_subject.to_owned(), text: format!("{body}\n"), html }
        }
        Content::Invitation { offer, token } => {
            let organization = line(&offer.organization);
            let project = offer.project.as_deref().map(line);
            let by = offer.invited_by.as_deref().map(line);
            let lead = match (&by, &project) {
                (Some(by), Some(project)) => filled(words.invited_by, &[by, project, &organization]),
                (None, Some(project)) => filled(words.invited, &[project, &organization]),
                (Some(by), None) => filled(words.invited_to_organization_by, &[by, &organization]),
                (None, None) => filled(words.invited_to_organization, &[&organization]),
            };
            let subject = filled(words.invitation_subject, &[project.as_ref().unwrap_or(&organization)]);
            let (role, meaning) = t.invited_role(offer.role);
            let role = filled(words.role, &[role, meaning]);
            let link = format!("{base}/invitation?token={}", token.expose_secret());
            let until = offer.expires_at.format("%Y-%m-%d %H:%M").to_string();
            let until = filled(words.until, &[&until, &letter.to]);
            let text = format!("{lead}\n{role}\n\n{link}\n\n{until}\n{}\n", words.unexpected);
            let button = format!("<p><a href=\"{}\">{}</a></p>", escaped(&link), escaped(words.open));
            let html = page(
                locale,
                &[paragraph(&lead), paragraph(&role), button, paragraph(&until), paragraph(words.unexpected)],
            );
            Written { subject, text, html }
        }
    }
}

/// A name on one line, whatever somebody put into it.
fn line(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn page(locale: Locale, parts: &[String]) -> String {
    let parts = parts.join("\n");
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"></head><body>\n{parts}\n</body></html>\n",
        locale.name()
    )
}

fn paragraph(text: &str) -> String {
    format!("<p>{}</p>", escaped(text))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
