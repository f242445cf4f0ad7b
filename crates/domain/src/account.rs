//! People: sign-up, sign-in, sessions, personal tokens.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Code, Result, SecretInput, SessionId, TokenId, UserId, error::Checks, name};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    pub id: UserId,
    pub email: String,
    pub name: String,
    pub platform_admin: bool,
    pub disabled: bool,
    pub created_at: DateTime<Utc>,
}

/// Who may make an account without being asked in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SignUpPolicy {
    Open,
    /// Only somebody with an invitation.
    #[default]
    Invited,
    Closed,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignUp {
    pub email: String,
    pub name: String,
    pub password: SecretInput,
}

impl SignUp {
    /// Trims, then checks every field.
    pub fn check(mut self) -> Result<Self> {
        self.email = name::normal_email(&self.email);
        self.name = self.name.trim().to_owned();
        let mut checks = Checks::default();
        checks.check("email", name::email(&self.email));
        checks.check("name", name::display(&self.name));
        checks.check("password", password(self.password.expose_secret(), &self.email));
        checks.finish()?;
        Ok(self)
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignIn {
    pub email: String,
    pub password: SecretInput,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordChange {
    pub current: SecretInput,
    pub new: SecretInput,
}

/// What somebody may do about their password now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PasswordState {
    /// They have one: it is changed by whoever knows it.
    Set,
    /// They came in by a link a moment ago and never had one: they may set it.
    Unset,
    /// They never had one, and came in too long ago to set it.
    Stale,
}

/// How long after a sign-in a first password may be set, in minutes: an unlocked browser that somebody
/// left must not be enough to take an account over.
pub const FIRST_PASSWORD_MINUTES: i64 = 15;

/// A signed-in browser, for "sign out everywhere".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BrowserSession {
    pub id: SessionId,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
    pub user_agent: Option<String>,
    pub ip: Option<String>,
    /// The browser that asks.
    pub current: bool,
}

/// A personal access token for the REST API: `slp_…`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonalToken {
    pub id: TokenId,
    pub name: String,
    pub prefix: String,
    pub created_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
    pub last_used_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPersonalToken {
    pub name: String,
    /// Days from now; none: never expires.
    #[serde(default)]
    pub expires_in_days: Option<u32>,
}

/// A new token with its secret, which is never shown again.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedPersonalToken {
    pub token: PersonalToken,
    pub secret: SecretInput,
}

/// Fewest characters of a password (NIST SP 800-63B-4 §3.1.1 asks for 15 alone or 8 with a second
/// factor; throttling and argon2id carry the difference).
pub const PASSWORD_MIN: usize = 12;
/// Longest password, so that hashing stays bounded.
pub const PASSWORD_MAX: usize = 256;

/// Words that make up most guessed passwords of this length.
const COMMON: &[&str] =
    &["password", "123456", "qwerty", "letmein", "welcome", "iloveyou", "administrator", "changeme"];

pub fn password(text: &str, email: &str) -> Result<(), Code> {
    let length = text.chars().count();
    let lower = text.to_lowercase();
    let distinct = {
        let mut seen: Vec<char> = lower.chars().collect();
        seen.sort_unstable();
        seen.dedup();
        seen.len()
    };
    let local = email.split('@').next().unwrap_or_default();
    let common = COMMON.iter().any(|word| {
        lower.starts_with(word) && lower.trim_start_matches(word).chars().all(|c| !c.is_alphabetic())
    });
    let own = !email.is_empty()
        && (lower == email
            || (local.len() >= 6 && lower.trim_matches(|c: char| !c.is_alphanumeric()) == local));
    let fits = (PASSWORD_MIN..=PASSWORD_MAX).contains(&length) && distinct >= 5 && !common && !own;
    if fits { Ok(()) } else { Err(Code::PasswordWeak) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords() {
        for good in ["correct horse battery", "Tr0ub4dor&3-long", "비밀번호는-길게-쓰는-것이-좋다"]
        {
            assert_eq!(password(good, "owner@acme.test"), Ok(()), "{good}");
        }
        for bad in [
            "",
            "short",
            "aaaaaaaaaaaa",
            "password1234",
            "qwerty123456",
            "owner@acme.test",
            &"x1y2z3".repeat(50),
        ] {
            assert!(password(bad, "owner@acme.test").is_err(), "{bad}");
        }
    }

    #[test]
    fn sign_up_names_every_bad_field() {
        let error = SignUp { email: "x".into(), name: " ".into(), password: SecretInput::new("short") }
            .check()
            .expect_err("three bad fields");
        let fields: Vec<_> = error.field_errors().iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["email", "name", "password"]);
    }
}
