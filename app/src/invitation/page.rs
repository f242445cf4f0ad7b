//! The page of who was invited: what is offered, and the one step that takes it.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::api::{AcceptInvitation, Opened, SignUpInvited, open_invitation};
use crate::{
    account::AccountFields,
    i18n::{Invitations, text},
    ui::{Boundary, Callout, FormError, Plain, Submit, Tone, encode, failure},
};

/// Asks for a press: opening an address must not use it up, because mail scanners and previews open
/// addresses too.
#[component]
pub fn InvitationPage() -> impl IntoView {
    let i = Invitations::current();
    let token =
        StoredValue::new(use_query_map().with_untracked(|query| query.get("token")).unwrap_or_default());
    let opened = Resource::new(|| (), move |()| open_invitation(token.get_value()));
    view! {
        <Title text=i.title />
        <Plain title=i.title>
            <Boundary load=move || async move {
                let opened = opened.await?;
                Ok(view! { <Invited opened=opened token=token.get_value() /> }.into_any())
            } />
        </Plain>
    }
}

#[component]
fn Invited(opened: Opened, token: String) -> impl IntoView {
    let (t, i) = (text(), Invitations::current());
    let Opened { offer, signed_in } = opened;
    let by = offer.invited_by.clone().map(|by| view! { <p class="text-ink-muted">{t.with(i.by, &by)}</p> });
    let fits = |email: &String| offer.email.as_ref().is_none_or(|invited| invited == email);
    let next = match signed_in {
        Some(email) if fits(&email) => {
            let label = if offer.project.is_some() { i.join } else { i.join_organization };
            view! { <Join token=token email=email label=label /> }.into_any()
        }
        Some(email) => {
            let invited = offer.email.clone().unwrap_or_default();
            view! {
                <Callout tone=Tone::Warn title=t.with(i.for_another, &invited)>
                    <p>{t.with(i.signed_in_as, &email)}</p>
                </Callout>
            }
            .into_any()
        }
        None => view! { <SignUpForm token=token email=offer.email.clone() /> }.into_any(),
    };
    let (role, meaning) = t.invited_role(offer.role);
    let (kind, name) = match offer.project {
        Some(project) => (offer.organization, project),
        None => (i.organization.to_owned(), offer.organization),
    };
    view! {
        <div>
            <p class="text-ink-muted text-xs">{kind}</p>
            <p class="text-lg font-semibold break-words">{name}</p>
            <p class="mt-1">{role} ": " <span class="text-ink-muted">{meaning}</span></p>
            {by}
        </div>
        {next}
    }
}

#[component]
fn Join(token: String, email: String, label: &'static str) -> impl IntoView {
    let (t, i) = (text(), Invitations::current());
    let action = ServerAction::<AcceptInvitation>::new();
    let failure = failure(action);
    view! {
        <ActionForm action=action>
            <div class="flex flex-col gap-3">
                <FormError failure=failure />
                <input type="hidden" name="token" value=token />
                <p class="text-ink-muted text-xs">{t.with(i.signed_in_as, &email)}</p>
                <Submit label=label pending=failure.pending />
            </div>
        </ActionForm>
    }
}

#[component]
fn SignUpForm(token: String, email: Option<String>) -> impl IntoView {
    let (t, i) = (text(), Invitations::current());
    let action = ServerAction::<SignUpInvited>::new();
    let failure = failure(action);
    let back = format!("/sign-in?next={}", encode(&format!("/invitation?token={token}")));
    view! {
        <p>
            {t.have_account} " " <a class="text-accent" href=back>{i.sign_in}</a>
        </p>
        <ActionForm action=action>
            <div class="flex flex-col gap-4">
                <FormError failure=failure />
                <input type="hidden" name="token" value=token />
                <AccountFields failure=failure email=email.unwrap_or_default() />
                <Submit label=i.sign_up pending=failure.pending />
            </div>
        </ActionForm>
    }
}
