//! Server functions of invitations.

#[cfg(feature = "ssr")]
use domain::{
    Error,
    account::SignUp,
    invitation::{InvitedRole, NewInvitation},
    organization::NewOrganizationMember,
    project::NewMember,
};
use domain::{
    InvitationId, Timestamp,
    invitation::{Host, Invitation, Offer},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::{
    context::{caller, go, is_plain_form, keep, meta, services, signed_in},
    draft,
};

/// What became of adding somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Added {
    /// They had an account.
    Member,
    /// They have to open this link; it is shown this once.
    Invited {
        link: String,
        email: Option<String>,
        /// Whether a mail with the link is on its way.
        mailed: bool,
    },
}

#[server(prefix = "/_fn", endpoint = "invitations/list", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn list_invitations(host: Host) -> Result<(Vec<Invitation>, Timestamp), AppError> {
    let (services, caller) = signed_in()?;
    Ok((services.invitations().list(&caller, &host).await?, services.clock().now()))
}

/// Adds who has an account, and invites everybody else; without an address, whoever opens the link first.
#[server(prefix = "/_fn", endpoint = "invitations/add", output = crate::codec::Json)]
pub async fn add_or_invite(
    host: Host,
    #[server(default)] email: String,
    role: String,
) -> Result<Option<Added>, AppError> {
    let (services, caller) = signed_in()?;
    keep([("email", email.as_str()), ("role", role.as_str())]);
    let email = Some(email.trim().to_owned()).filter(|email| !email.is_empty());
    let unfit = |code| Error::field("role", code);
    let (role, added) = match &host {
        Host::Project(project) => {
            let role = role.parse().map_err(unfit)?;
            let added = match email.clone() {
                Some(email) => {
                    let input = NewMember { email, role };
                    services.projects().add_member(&caller, project, input).await.map(|_| true)
                }
                None => Ok(false),
            };
            (InvitedRole::Project(role), added)
        }
        Host::Organization(organization) => {
            let role = role.parse().map_err(unfit)?;
            let added = match email.clone() {
                Some(email) => {
                    let input = NewOrganizationMember { email, role };
                    services.organizations().add_member(&caller, organization, input).await.map(|_| true)
                }
                None => Ok(false),
            };
            (InvitedRole::Organization(role), added)
        }
    };
    let unknown =
        |error: &Error| error.field_errors().iter().any(|fault| fault.code == domain::Code::UserUnknown);
    let added = match added {
        Ok(true) => Added::Member,
        Err(error) if !unknown(&error) => return Err(error.into()),
        _ => {
            let locale = crate::context::Preferences::current().locale;
            let input = NewInvitation {
                email: email.clone(),
                role,
                expires_in_days: None,
                language: Some(locale.name().to_owned()),
            };
            let made = services.invitations().create(&caller, &host, input).await?;
            let base = meta().public_url;
            let link = format!("{base}/invitation?token={}", made.token.expose_secret());
            Added::Invited { link, email, mailed: made.invitation.mail.is_some() }
        }
    };
    if is_plain_form() {
        let token = draft::put(&services, &caller, &added);
        go(&format!("{}/members?added={token}", home(&host)));
        return Ok(None);
    }
    Ok(Some(added))
}

/// What a plain form has just come to: told once.
#[server(prefix = "/_fn", endpoint = "invitations/added", output = crate::codec::Json)]
pub async fn take_added(token: String) -> Result<Option<Added>, AppError> {
    let (services, caller) = signed_in()?;
    Ok(draft::take(&services, &caller, &token))
}

#[server(prefix = "/_fn", endpoint = "invitations/withdraw", output = crate::codec::Json)]
pub async fn withdraw_invitation(host: Host, id: InvitationId) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.invitations().withdraw(&caller, &host, id).await?;
    Ok(())
}

/// What an invitation's page has to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    pub offer: Offer,
    /// The address of whoever is signed in.
    pub signed_in: Option<String>,
}

#[server(prefix = "/_fn", endpoint = "invitations/open", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn open_invitation(token: String) -> Result<Opened, AppError> {
    let offer = services()?.invitations().peek(&token).await?;
    Ok(Opened { offer, signed_in: caller().map(|caller| caller.email().to_owned()) })
}

#[server(prefix = "/_fn", endpoint = "invitations/accept", output = crate::codec::Json)]
pub async fn accept_invitation(token: String) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    let host = services.invitations().accept(&caller, &token).await?;
    go(&home(&host));
    Ok(())
}

/// Makes an account for who was invited, and signs it in.
#[server(prefix = "/_fn", endpoint = "invitations/sign-up", output = crate::codec::Json)]
pub async fn sign_up_invited(
    token: String,
    name: String,
    email: String,
    password: String,
) -> Result<(), AppError> {
    keep([("name", name.as_str()), ("email", email.as_str())]);
    let input = SignUp { email, name, password: password.into() };
    let (user, host) = services()?.invitations().sign_up(&token, input).await?;
    crate::account::api::enter(&user, &home(&host)).await
}

/// The first page of what somebody was invited to.
#[cfg(feature = "ssr")]
fn home(host: &Host) -> String {
    match host {
        Host::Project(project) => format!("/projects/{project}"),
        Host::Organization(organization) => format!("/orgs/{organization}"),
    }
}
