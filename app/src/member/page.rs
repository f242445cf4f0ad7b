//! The members of a project: add, change the role, remove.

use domain::{Action, Role, Timestamp, invitation::Host, project::Member};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

use super::api::{RemoveMember, SetMemberRole, list_members};
use crate::{
    i18n::{Invitations, Teams, text},
    invitation::{Adding, InvitationList},
    project::ProjectSource,
    ui::{
        Ago, Boundary, CELL_CLASS, DANGER_CLASS, Danger, Failure, FormError, PLAIN_CLASS, PageHead,
        ROW_CLASS, Submit, Table, ViewerSource, failure,
    },
};

pub(crate) const CHOICE_CLASS: &str =
    "h-8 px-2 rounded-md border border-line-strong bg-surface-raised text-ink";

#[component]
pub fn MembersPage() -> impl IntoView {
    let (t, i) = (text(), Invitations::current());
    let (project, viewer) = (ProjectSource::current(), ViewerSource::current());
    let adding = Adding::begin();
    let actions = Actions { role: ServerAction::new(), remove: ServerAction::new() };
    let (changed, removed) = (failure(actions.role), failure(actions.remove));
    let members = Resource::new(
        move || {
            let versions =
                (adding.version().get(), actions.role.version().get(), actions.remove.version().get());
            (project.name.get(), versions)
        },
        |(project, _)| list_members(project),
    );
    let host = Signal::derive(move || Host::Project(project.name.get()));
    view! {
        <Title text=t.members />
        <PageHead title=t.members lead=t.members_lead />
        {adding.note()}
        <Boundary load=move || async move {
            let (viewer, page) = (viewer.0.await?, project.page.await?);
            let may = viewer.may(Action::ManageMembers, &page.project.resource());
            Ok(may.then(|| adding.form(&Host::Project(page.project.path()))).into_any())
        } />
        <FormError failure=changed apart=true />
        <FormError failure=removed apart=true />
        <Boundary load=move || async move {
            let (viewer, page) = (viewer.0.await?, project.page.await?);
            let (members, now) = members.await?;
            let may = viewer.may(Action::ManageMembers, &page.project.resource());
            let (path, me) = (page.project.path(), viewer.subject.user);
            let owner = page.project.organization_slug.clone();
            let nobody = members.is_empty();
            let rows = members
                .into_iter()
                .map(|member| {
                    if let Some(team) = member.team.clone() {
                        let team = (format!("/orgs/{owner}/teams/{}", team.slug), team.name);
                        return view! { <TeamRow member=member team=team now=now /> }.into_any();
                    }
                    let own = member.user_id == me;
                    view! {
                        <Row member=member project=path.clone() now=now may=may own=own actions=actions pending=(changed, removed) />
                    }
                    .into_any()
                })
                .collect_view();
            let list = match nobody {
                true => view! { <p class="text-ink-muted">{i.nobody}</p> }.into_any(),
                false => view! {
                    <Table label=t.members columns=vec![t.name, t.role_label, t.added, i.last_seen, t.actions]>
                        {rows}
                    </Table>
                }
                .into_any(),
            };
            Ok(view! {
                {list}
                {may.then(|| view! { <InvitationList host=host version=adding.version() changes=project.changes /> })}
            }
            .into_any())
        } />
    }
}

#[derive(Clone, Copy)]
struct Actions {
    role: ServerAction<SetMemberRole>,
    remove: ServerAction<RemoveMember>,
}

/// Somebody whose role here is a team's, and is changed there.
#[component]
fn TeamRow(member: Member, team: (String, String), now: Timestamp) -> impl IntoView {
    let (t, i, words) = (text(), Invitations::current(), Teams::current());
    let seen = match member.last_seen_at {
        Some(at) => view! { <Ago at=at now=now /> }.into_any(),
        None => view! { <span class="text-ink-muted">{t.never}</span> }.into_any(),
    };
    view! {
        <tr class=ROW_CLASS>
            <td class=CELL_CLASS>
                <span class="font-medium">{member.name}</span>
                <p class="text-ink-muted text-xs">{member.email}</p>
            </td>
            <td class=CELL_CLASS>{t.role(member.role)}</td>
            <td class=CELL_CLASS data-label=t.added>
                <Ago at=member.created_at now=now />
                <span class="text-ink-muted">
                    " · "
                    <a class="text-ink-muted underline" href=team.0 title=words.through_hint>{t.with(words.through, &team.1)}</a>
                </span>
            </td>
            <td class=CELL_CLASS data-label=i.last_seen>{seen}</td>
            <td class=CELL_CLASS></td>
        </tr>
    }
}

#[component]
fn Row(
    member: Member,
    project: String,
    now: Timestamp,
    may: bool,
    /// Whether it is the reader, who may leave.
    own: bool,
    actions: Actions,
    pending: (Failure, Failure),
) -> impl IntoView {
    let (t, i) = (text(), Invitations::current());
    let seen = match member.last_seen_at {
        Some(at) => view! { <Ago at=at now=now /> }.into_any(),
        None => view! { <span class="text-ink-muted">{t.never}</span> }.into_any(),
    };
    let user = member.user_id.to_string();
    let role = member.role;
    let options = Role::ALL
        .map(|option| view! { <option value=option.name() selected=option == role>{t.role(option)}</option> })
        .collect_view();
    let name = member.name.clone();
    let change = {
        let (user, project) = (user.clone(), project.clone());
        move || {
            view! {
                <ActionForm action=actions.role>
                    <div class="flex gap-2">
                        <input type="hidden" name="project" value=project />
                        <input type="hidden" name="user" value=user />
                        <select class=CHOICE_CLASS name="role" aria-label=t.role_label>
                            {options}
                        </select>
                        <Submit label=t.change pending=pending.0.pending class=PLAIN_CLASS />
                    </div>
                </ActionForm>
            }
        }
    };
    view! {
        <tr class=ROW_CLASS>
            <td class=CELL_CLASS>
                <span class="font-medium">{member.name}</span>
                <p class="text-ink-muted text-xs">{member.email}</p>
            </td>
            <td class=CELL_CLASS>
                {if may { change().into_any() } else { view! { <span>{t.role(role)}</span> }.into_any() }}
            </td>
            <td class=CELL_CLASS data-label=t.added>
                <Ago at=member.created_at now=now />
                {member.added_by.map(|by| view! { <span class="text-ink-muted">" · " {by}</span> })}
            </td>
            <td class=CELL_CLASS data-label=i.last_seen>{seen}</td>
            <td class=CELL_CLASS>
                {(may || own)
                    .then(|| {
                        let fields = view! {
                            <input type="hidden" name="project" value=project />
                            <input type="hidden" name="user" value=user />
                        };
                        if own {
                            // A form of the document: what is left here may not be read again afterwards.
                            view! {
                                <Danger label=i.leave>
                                    <p>{i.leave_lead}</p>
                                    <form method="post" action=RemoveMember::url()>
                                        {fields}
                                        <button class=DANGER_CLASS type="submit">{i.leave_now}</button>
                                    </form>
                                </Danger>
                            }
                                .into_any()
                        } else {
                            view! {
                                <Danger label=t.remove>
                                    <p>{t.with(t.remove_member_lead, &name)}</p>
                                    <ActionForm action=actions.remove>
                                        {fields}
                                        <Submit label=t.with(t.remove_named, &name) pending=pending.1.pending class=DANGER_CLASS />
                                    </ActionForm>
                                </Danger>
                            }
                                .into_any()
                        }
                    })}
            </td>
        </tr>
    }
}
