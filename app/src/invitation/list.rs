//! Invitations of a project that nobody has used yet.

use domain::{
    Timestamp,
    invitation::Invitation,
    mail::{MailState, MailStatus},
};
use leptos::prelude::*;

use super::api::{Added, WithdrawInvitation, list_invitations};
use crate::{
    i18n::{Invitations, text},
    project::ProjectSource,
    ui::{
        Ago, Boundary, CELL_CLASS, Callout, CopyField, FormError, PLAIN_CLASS, ROW_CLASS, Submit, Table,
        Tone, failure,
    },
};

/// For Owners. `version` grows when somebody was invited.
#[component]
pub fn InvitationList(version: Signal<usize>) -> impl IntoView {
    let (t, i) = (text(), Invitations::current());
    let project = ProjectSource::current();
    let withdraw = ServerAction::<WithdrawInvitation>::new();
    let withdrawn = failure(withdraw);
    let invitations = Resource::new(
        // A mail that was sent is a change of the project.
        move || (project.name.get(), version.get(), withdraw.version().get(), project.changes.get()),
        |(project, ..)| list_invitations(project),
    );
    view! {
        <FormError failure=withdrawn apart=true />
        <Boundary load=move || async move {
            let (invitations, now) = invitations.await?;
            if invitations.is_empty() {
                return Ok(().into_any());
            }
            let rows = invitations
                .into_iter()
                .map(|invitation| row(invitation, project.name.get_untracked(), now, withdraw, withdrawn.pending))
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

fn row(
    invitation: Invitation,
    project: String,
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
            <td class=CELL_CLASS data-label=t.role_label>{t.role(invitation.role)}</td>
            <td class=CELL_CLASS data-label=i.invited>
                <Ago at=invitation.created_at now=now />
                {by}
            </td>
            <td class=CELL_CLASS data-label=t.expires>
                <Ago at=invitation.expires_at now=now />
            </td>
            <td class=CELL_CLASS>
                <ActionForm action=withdraw>
                    <input type="hidden" name="project" value=project />
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

/// What became of adding somebody.
#[component]
pub fn AddedNote(added: Added) -> impl IntoView {
    let (t, i) = (text(), Invitations::current());
    match added {
        Added::Member => view! {
            <div class="mb-6">
                <Callout tone=Tone::Ok title=i.added />
            </div>
        }
        .into_any(),
        Added::Invited { link, email, mailed } => {
            let title = email.map_or_else(|| i.link_made.to_owned(), |email| t.with(i.link_made_for, &email));
            view! {
                <div class="mb-6">
                    <Callout tone=Tone::Warn title=title>
                        <p class="mb-2">{if mailed { i.link_mailed } else { i.link_once }}</p>
                        <CopyField label=i.link value=link />
                    </Callout>
                </div>
            }
            .into_any()
        }
    }
}
