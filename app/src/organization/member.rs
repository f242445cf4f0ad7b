//! The members of an organization: add, change the role, remove, leave.

use domain::{
    Action, OrganizationRole, Resource as Target, Timestamp, invitation::Host,
    organization::OrganizationMember,
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{
    api::{RemoveOrganizationMember, SetOrganizationRole, organization_members},
    frame::OrganizationSource,
};
use crate::{
    i18n::{Organizations, text},
    invitation::{Adding, InvitationList},
    member::page::CHOICE_CLASS,
    ui::{
        Ago, Boundary, CELL_CLASS, DANGER_CLASS, Danger, EmptyState, Failure, FilterBar, FilterText,
        FormError, LinkButton, PLAIN_CLASS, PageHead, ROW_CLASS, SHORT_CLASS, Submit, Table, ViewerSource,
        failure,
    },
};

#[derive(Clone, Copy)]
struct Actions {
    role: ServerAction<SetOrganizationRole>,
    remove: ServerAction<RemoveOrganizationMember>,
}

#[component]
pub fn MembersPage() -> impl IntoView {
    let (t, words) = (text(), Organizations::current());
    let (source, viewer) = (OrganizationSource::current(), ViewerSource::current());
    let query = use_query_map();
    let adding = Adding::begin();
    let actions = Actions { role: ServerAction::new(), remove: ServerAction::new() };
    let (changed, removed) = (failure(actions.role), failure(actions.remove));
    let members = Resource::new(
        move || {
            let versions =
                (adding.version().get(), actions.role.version().get(), actions.remove.version().get());
            (source.name.get(), versions)
        },
        |(organization, _)| organization_members(organization),
    );
    let host = Signal::derive(move || Host::Organization(source.name.get()));
    view! {
        <PageHead title=t.members lead=words.members_lead />
        {adding.note()}
        <Boundary load=move || async move {
            let (viewer, organization) = (viewer.0.await?, source.page.await?);
            let may = viewer.may(Action::ManageOrganization, &Target::Organization(organization.id));
            Ok(view! {
                <Title text=format!("{} · {}", organization.name, t.members) />
                {may.then(|| adding.form(&Host::Organization(organization.slug)))}
            }
            .into_any())
        } />
        <FormError failure=changed apart=true />
        <FormError failure=removed apart=true />
        <Boundary load=move || {
            let wanted = query.read().get("q").unwrap_or_default();
            let list = source.href("members");
            async move {
                let (viewer, organization) = (viewer.0.await?, source.page.await?);
                let (members, now) = members.await?;
                let may = viewer.may(Action::ManageOrganization, &Target::Organization(organization.id));
                let open = may.then(|| view! { <InvitationList host=host version=adding.version() /> });
                if members.is_empty() {
                    return Ok(view! {
                        <p class="text-ink-muted">{t.organization_nobody}</p>
                        {open}
                    }
                    .into_any());
                }
                let of = Row { organization: organization.slug, now, may, actions, pending: (changed, removed) };
                let owners = members.iter().filter(|member| member.role == OrganizationRole::Owner).count();
                let lower = wanted.trim().to_lowercase();
                let fits = |member: &OrganizationMember| {
                    [&member.name, &member.email].iter().any(|text| text.to_lowercase().contains(&lower))
                };
                let rows: Vec<_> = members
                    .into_iter()
                    .filter(fits)
                    .map(|member| {
                        let own = member.user_id == viewer.subject.user;
                        let last = owners == 1 && member.role == OrganizationRole::Owner;
                        of.clone().show(member, own, last)
                    })
                    .collect();
                let (clear, all) = ((!wanted.is_empty()).then(|| list.clone()), list.clone());
                let body = if rows.is_empty() {
                    view! {
                        <EmptyState title=words.filtered_empty body=words.filtered_empty_body>
                            <LinkButton href=all>{t.clear_filter}</LinkButton>
                        </EmptyState>
                    }
                    .into_any()
                } else {
                    let columns =
                        vec![t.name, t.role_label, words.member_since, words.last_seen, t.projects, t.actions];
                    view! { <Table label=t.members columns=columns>{rows}</Table> }.into_any()
                };
                Ok(view! {
                    <FilterBar action=list clear=clear>
                        <FilterText name="q" label=words.find value=wanted />
                    </FilterBar>
                    {body}
                    {open}
                }
                .into_any())
            }
        } />
    }
}

/// What the rows of a list share.
#[derive(Clone)]
struct Row {
    organization: String,
    now: Timestamp,
    may: bool,
    actions: Actions,
    pending: (Failure, Failure),
}

impl Row {
    /// `own` is the reader, who may leave; `last` is the only owner, who may not.
    fn show(self, member: OrganizationMember, own: bool, last: bool) -> AnyView {
        let (t, words) = (text(), Organizations::current());
        let Self { organization, now, may, actions, pending } = self;
        let (user, role, name) = (member.user_id.to_string(), member.role, member.name.clone());
        let seen = match member.last_seen_at {
            Some(at) => view! { <Ago at=at now=now /> }.into_any(),
            None => view! { <span class="text-ink-muted">{t.never}</span> }.into_any(),
        };
        let named = {
            let (user, organization) = (user.clone(), organization.clone());
            move || {
                view! {
                    <input type="hidden" name="organization" value=organization.clone() />
                    <input type="hidden" name="user" value=user.clone() />
                }
            }
        };
        let fields = named.clone();
        let shown = if may && !last {
            let options = OrganizationRole::ALL
                .map(|option| view! { <option value=option.name() selected=option == role>{t.organization_role(option)}</option> })
                .collect_view();
            view! {
                <ActionForm action=actions.role>
                    <div class="flex gap-2">
                        {fields()}
                        <select class=CHOICE_CLASS name="role" aria-label=t.role_label>
                            {options}
                        </select>
                        <Submit label=t.change pending=pending.0.pending class=PLAIN_CLASS />
                    </div>
                </ActionForm>
            }
            .into_any()
        } else {
            view! { <span>{t.organization_role(role)}</span> }.into_any()
        };
        let end = match (own, may) {
            (true, _) | (_, true) if last => {
                view! { <p class="text-xs text-ink-muted max-w-[240px]">{words.last_owner}</p> }.into_any()
            }
            // A form of the document: what is left here may not be read again afterwards.
            (true, _) => view! {
                <Danger label=words.leave>
                    <p>{words.leave_lead}</p>
                    <form method="post" action=RemoveOrganizationMember::url()>
                        {named()}
                        <button class=DANGER_CLASS type="submit">{words.leave_now}</button>
                    </form>
                </Danger>
            }
            .into_any(),
            (false, true) => view! {
                <Danger label=t.remove>
                    <p>{t.with(words.remove_lead, &name)}</p>
                    <ActionForm action=actions.remove>
                        {named()}
                        <Submit label=t.with(t.remove_named, &name) pending=pending.1.pending class=DANGER_CLASS />
                    </ActionForm>
                </Danger>
            }
            .into_any(),
            (false, false) => ().into_any(),
        };
        view! {
            <tr class=ROW_CLASS>
                <td class=CELL_CLASS>
                    <span class="font-medium">{member.name}</span>
                    <p class="text-ink-muted text-xs">{member.email}</p>
                </td>
                <td class=CELL_CLASS>{shown}</td>
                <td class=SHORT_CLASS data-label=words.member_since><Ago at=member.created_at now=now /></td>
                <td class=SHORT_CLASS data-label=words.last_seen>{seen}</td>
                <td class=SHORT_CLASS data-label=t.projects>
                    <span class="tabular-nums">{t.projects_count(member.project_count)}</span>
                </td>
                <td class=CELL_CLASS>{end}</td>
            </tr>
        }
        .into_any()
    }
}
