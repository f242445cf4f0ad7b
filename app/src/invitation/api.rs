//! Server functions of invitations.

use domain::{
    InvitationId, Role, Timestamp,
    invitation::{Invitation, Offer},
};
#[cfg(feature = "ssr")]
use domain::{account::SignUp, invitation::NewInvitation, project::NewMember};
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
pub async fn list_invitations(project: String) -> Result<(Vec<Invitation>, Timestamp), AppError> {
    let (services, caller) = signed_in()?;
    Ok((services.invitations().list(&caller, &project).await?, services.clock().now()))
}

/// Adds who has an account, and invites everybody else; without an address, whoever opens the link first.
#[server(prefix = "/_fn", endpoint = "invitations/add", output = crate::codec::Json)]
pub async fn add_or_invite(
    project: String,
    #[server(default)] email: String,
    role: Role,
) -> Result<Option<Added>, AppError> {
    let (services, caller) = signed_in()?;
    keep([("email", email.as_str()), ("role", role.name())]);
    let email = Some(email.trim().to_owned()).filter(|email| !email.is_empty());
    let added = match &email {
        Some(email) => {
            let input = NewMember { email: email.clone(), role };
            services.projects().add_member(&caller, &project, input).await.map(Some)
        }
        None => Ok(None),
    };
    let unknown = |error: &domain::Error| {
        error.field_errors().iter().any(|fault| fault.code == domain::Code::UserUnknown)
    };
    let added = match added {
        Ok(Some(_)) => Added::Member,
        Err(error) if !unknown(&error) => return Err(error.into()),
        _ => {
            let locale = crate::context::Preferences::current().locale;
            let input = NewInvitation {
                email: email.clone(),
                role,
                expires_in_days: None,
                language: Some(locale.name().to_owned()),
            };

            let made = services.invitations().create(&caller, &project, input).await?;
            let base = meta().public_url;
            let link = format!("{base}/invitation?token={}", made.token.expose_secret());
            Added::Invited { link, email, mailed: made.invitation.mail.is_some() }
        }
    };
    if is_plain_form() {
        let token = draft::put(&services, &caller, &added);
        go(&format!("/projects/{project}/members?added={token}"));
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
pub async fn withdraw_invitation(project: String, id: InvitationId) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    services.invitations().withdraw(&caller, &project, id).await?;
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
    let project = services.invitations().accept(&caller, &token).await?;
    go(&format!("/projects/{project}"));
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
    let (user, project) = services()?.invitations().sign_up(&token, input).await?;
    crate::account::api::enter(&user, &format!("/projects/{project}")).await
}
