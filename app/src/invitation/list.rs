//! Invitations that nobody has used yet.

use domain::{
    Timestamp,
    invitation::{Host, Invitation},
    mail::{MailState, MailStatus},
};
use leptos::prelude::*;

use super::{
    api::{WithdrawInvitation, list_invitations},
    form::field,
};
use crate::{
    i18n::{Invitations, text},
    ui::{Ago, Boundary, CELL_CLASS, FormError, PLAIN_CLASS, ROW_CLASS, Submit, Table, failure},
};

/// For Owners.
#[component]
pub fn InvitationList(
    host: Signal<Host>,
    /// Grows when somebody was invited.
    version: Signal<usize>,
    /// Grows when something that others did is announced; a mail that was sent is a change of a project.
    #[prop(optional, into)]
    changes: Option<Signal<u32>>,
) -> impl IntoView {
    let (t, i) = (text(), Invitations::current());
    let (looked, look) = signal(0_u32);
    let withdraw = ServerAction::<WithdrawInvitation>::new();
    let withdrawn = failure(withdraw);
    let invitations = Resource::new(
        move || {
            let told = changes.map(|changes| changes.get());
            (host.get(), version.get(), withdraw.version().get(), told, looked.get())
        },
        |(host, ..)| list_invitations(host),
    );
    view! {
        <FormError failure=withdrawn apart=true />
        <Boundary load=move || async move {
            let (invitations, now) = invitations.await?;
            if invitations.is_empty() {
                return Ok(().into_any());
            }
            if changes.is_none() && invitations.iter().any(on_its_way) {
                look_again(look);
            }
            let host = field(&host.get_untracked());
            let rows = invitations
                .into_iter()
                .map(|invitation| row(invitation, host.clone(), now, withdraw, withdrawn.pending))
                .collect_view();
            Ok(view! {
                <section class="mt-8">
                    <h2 class="mb-2 font-semibold">{i.open}</h2>
                    <Table label=i.open columns=vec![t.email, t.role_label, i.invited, t.expires, t.actions]>
                        {rows}
                    </Table>
                </section>
            }
            .into_any())
        } />
    }
}

/// Whether its mail was not tried yet.
fn on_its_way(invitation: &Invitation) -> bool {
    invitation.mail.as_ref().is_some_and(|mail| mail.state == MailState::Waiting && mail.detail.is_none())
}

/// Reads again in a moment: of what is no project's nobody announces that it was sent.
fn look_again(look: WriteSignal<u32>) {
    #[cfg(feature = "hydrate")]
    set_timeout(
        move || {
            look.try_update(|n| *n = n.wrapping_add(1));
        },
        std::time::Duration::from_secs(2),
    );
    #[cfg(not(feature = "hydrate"))]
    let _ = look;
}

fn row(
    invitation: Invitation,
    (host, place): (&'static str, String),
    now: Timestamp,
    withdraw: ServerAction<WithdrawInvitation>,
    pending: Signal<bool>,
) -> AnyView {
    let (t, i) = (text(), Invitations::current());
    let label = match &invitation.email {
        Some(email) => t.with(i.withdraw_named, email),
        None => i.withdraw.to_owned(),
    };
    let who = match invitation.email {
        Some(email) => {
            let mail = invitation.mail.map(|mail| mailed(mail, now));
            view! {
                <span class="font-medium break-all">{email}</span>
                {mail}
            }
            .into_any()
        }
        None => view! { <span class="text-ink-muted">{i.anyone}</span> }.into_any(),
    };
    let by = invitation.invited_by.map(|by| view! { <span class="text-ink-muted">" · " {by}</span> });
    view! {
        <tr class=ROW_CLASS>
            <td class=CELL_CLASS>{who}</td>
            <td class=CELL_CLASS data-label=t.role_label>{t.invited_role(invitation.role).0}</td>
            <td class=CELL_CLASS data-label=i.invited>
                <Ago at=invitation.created_at now=now />
                {by}
            </td>
            <td class=CELL_CLASS data-label=t.expires>
                <Ago at=invitation.expires_at now=now />
            </td>
            <td class=CELL_CLASS>
                <ActionForm action=withdraw>
                    <input type="hidden" name=host value=place />
                    <input type="hidden" name="id" value=invitation.id.to_string() />
                    <div title=label.clone()>
                        <Submit label=i.withdraw pending=pending class=PLAIN_CLASS />
                    </div>
                </ActionForm>
            </td>
        </tr>
    }
    .into_any()
}

/// What became of the mail, in one line under the address.
fn mailed(mail: MailStatus, now: Timestamp) -> impl IntoView {
    let (t, i) = (text(), Invitations::current());
    let detail = mail.detail.unwrap_or_default();
    let (class, words) = match (mail.state, detail.is_empty()) {
        (MailState::Sent, _) => ("text-xs text-ink-muted", i.mail_sent.to_owned()),
        (MailState::Waiting, true) => ("text-xs text-ink-muted", i.mail_waiting.to_owned()),
        (MailState::Waiting, false) => ("text-xs text-warn", t.with(i.mail_again, &detail)),
        (MailState::Failed, _) => ("text-xs text-bad", t.with(i.mail_failed, &detail)),
    };
    view! { <p class=format!("{class} break-words")>{words} " · " <Ago at=mail.at now=now /></p> }
}
