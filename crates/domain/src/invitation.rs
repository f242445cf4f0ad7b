//! Invitations: a link that makes whoever opens it a member of a project or an organization, once.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    Code, InvitationId, OrganizationRole, Result, Role, SecretInput, error::Checks, mail::MailStatus, name,
};

/// Days that an invitation works when nobody says otherwise.
pub const DAYS: u32 = 7;
const DAYS_MAX: u32 = 90;
const LANGUAGES: [&str; 2] = ["en", "ko"];

/// What people are invited to, as addresses name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Host {
    Project(String),
    Organization(String),
}

/// What somebody will be, and in what: projects and organizations have roles of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "to", content = "role", rename_all = "snake_case")]
pub enum InvitedRole {
    Project(Role),
    Organization(OrganizationRole),
}

impl InvitedRole {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            InvitedRole::Project(role) => role.name(),
            InvitedRole::Organization(role) => role.name(),
        }
    }
}

impl From<Role> for InvitedRole {
    fn from(role: Role) -> Self {
        InvitedRole::Project(role)
    }
}

impl From<OrganizationRole> for InvitedRole {
    fn from(role: OrganizationRole) -> Self {
        InvitedRole::Organization(role)
    }
}

/// `R` is a role of what somebody is invited to.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewInvitation<R = Role> {
    /// Whose account it is for; without one, whoever opens the link first.
    #[serde(default)]
    pub email: Option<String>,
    pub role: R,
    /// 1 to 90; 7 if left out.
    #[serde(default)]
    pub expires_in_days: Option<u32>,
    /// In which the mail is written, where mail is set up: `en` or `ko`.
    #[serde(default)]
    pub language: Option<String>,
}

impl<R> NewInvitation<R> {
    /// Trims, then checks every field.
    pub fn check(mut self) -> Result<Self> {
        self.email = self.email.map(|email| name::normal_email(&email)).filter(|email| !email.is_empty());
        let mut checks = Checks::default();
        if let Some(email) = &self.email {
            checks.check("email", name::email(email));
        }
        let days = *self.expires_in_days.get_or_insert(DAYS);
        checks.require((1..=DAYS_MAX).contains(&days), "expires_in_days", Code::NumberInvalid);
        checks.finish()?;
        // Whatever else somebody asks for is written in English.
        self.language = self.language.filter(|language| LANGUAGES.contains(&language.as_str()));
        Ok(self)
    }
}

/// An invitation that nobody has used yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invitation {
    pub id: InvitationId,
    pub email: Option<String>,
    #[serde(flatten)]
    pub role: InvitedRole,
    /// Name of whoever made it; none when they are gone.
    pub invited_by: Option<String>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// What became of its mail; none where none is sent.
    pub mail: Option<MailStatus>,
}

/// A new invitation with its secret, which is never shown again. The link to pass on is
/// `/invitation?token=` and the secret, under the installation's public address.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedInvitation {
    pub invitation: Invitation,
    pub token: SecretInput,
}

/// What an invitation offers, for whoever it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Offer {
    /// The project's name; none where it is to the organization.
    pub project: Option<String>,
    /// The organization's name.
    pub organization: String,
    #[serde(flatten)]
    pub role: InvitedRole,
    pub invited_by: Option<String>,
    pub email: Option<String>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_has_a_bounded_life_and_maybe_an_address() {
        let input = |email: &str, days| NewInvitation {
            email: Some(email.into()),
            role: Role::Developer,
            expires_in_days: days,
            language: None,
        };
        let open = input("  ", None).check().expect("an address is optional");
        assert_eq!((open.email, open.expires_in_days), (None, Some(DAYS)));
        assert_eq!(
            input(" Ann@Acme.test ", Some(90)).check().expect("fine").email.as_deref(),
            Some("ann@acme.test")
        );
        let error = input("nobody", Some(91)).check().expect_err("bad");
        let fields: Vec<_> = error.field_errors().iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["email", "expires_in_days"]);
    }

    #[test]
    fn a_role_says_in_what_it_is_one() {
        let offer = Offer {
            project: None,
            organization: "Acme".into(),
            role: OrganizationRole::Owner.into(),
            invited_by: None,
            email: None,
            created_at: DateTime::UNIX_EPOCH,
            expires_at: DateTime::UNIX_EPOCH,
        };
        let json = serde_json::to_value(&offer).expect("as JSON");
        assert_eq!((&json["to"], &json["role"]), (&"organization".into(), &"owner".into()));
        assert_eq!(serde_json::from_value::<Offer>(json).expect("and back"), offer);
    }
}
