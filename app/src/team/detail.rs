//! One team: its members, its projects with their roles, its name and its end.

use domain::{
    Role, Timestamp,
    team::{TeamMember, TeamProject},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::api::{
    AddTeamMember, DeleteTeam, RemoveTeamMember, RemoveTeamProject, SetTeamProject, UpdateTeam, get_team,
};
use crate::{
    i18n::{Teams, text},
    member::page::CHOICE_CLASS,
    organization::OrganizationSource,
    ui::{
        Ago, Boundary, CELL_CLASS, Card, DANGER_CLASS, Danger, FormError, LINK_CLASS, PLAIN_CLASS, PageHead,
        ROW_CLASS, SHORT_CLASS, SelectField, Submit, Table, TextField, ViewerSource, failure,
    },
};

/// What the rows share.
#[derive(Clone, Copy)]
struct Of {
    organization: StoredValue<String>,
    team: StoredValue<String>,
    now: Timestamp,
    may: bool,
    leave: ServerAction<RemoveTeamMember>,
    set: ServerAction<SetTeamProject>,
    take: ServerAction<RemoveTeamProject>,
}

#[component]
pub fn TeamPage() -> impl IntoView {
    let (t, words) = (text(), Teams::current());
    let (source, viewer) = (OrganizationSource::current(), ViewerSource::current());
    let params = use_params_map();
    let (add, leave) = (ServerAction::<AddTeamMember>::new(), ServerAction::<RemoveTeamMember>::new());
    let (set, take) = (ServerAction::<SetTeamProject>::new(), ServerAction::<RemoveTeamProject>::new());
    let (added, left, given, taken) = (failure(add), failure(leave), failure(set), failure(take));
    let (update, delete) = (ServerAction::<UpdateTeam>::new(), ServerAction::<DeleteTeam>::new());
    let (updated, deleted) = (failure(update), failure(delete));
    let team = Resource::new(
        move || {
            let versions =
                (add.version().get(), leave.version().get(), set.version().get(), take.version().get());
            (source.name.get(), params.read().get("team").unwrap_or_default(), versions)
        },
        |(organization, team, _)| get_team(organization, team),
    );
    let roles: Vec<_> = Role::ALL
        .iter()
        .rev()
        .map(|role| (role.name().to_owned(), format!("{}: {}", t.role(*role), t.role_meaning(*role))))
        .collect();
    view! {
        <Boundary load=move || {
            let roles = roles.clone();
            async move {
                let (viewer, organization) = (viewer.0.await?, source.page.await?);
                let view = team.await?;
                let (detail, may) = (view.detail, view.may);
                let (slug, name) = (detail.team.slug.clone(), detail.team.name.clone());
                let of = Of {
                    organization: StoredValue::new(organization.slug.clone()),
                    team: StoredValue::new(slug.clone()),
                    now: view.now,
                    may,
                    leave,
                    set,
                    take,
                };
                let nobody = detail.members.is_empty();
                let people = detail
                    .members
                    .into_iter()
                    .map(|member| {
                        let own = member.user_id == viewer.subject.user;
                        of.member(member, own)
                    })
                    .collect_view();
                let nothing = detail.projects.is_empty();
                let projects =
                    detail.projects.into_iter().map(|project| of.project(project)).collect_view();
                let (all_in, all_given) = (view.people.is_empty(), view.projects.is_empty());
                let (end_lead, end_label) = (t.with(words.delete_lead, &name), t.with(t.delete_named, &name));
                let title = format!("{name} · {}", t.teams);
                let teams = format!("/orgs/{}/teams", organization.slug);
                Ok(view! {
                    <Title text=title />
                    <p class="mb-1 text-xs"><a class=LINK_CLASS href=teams>{t.teams}</a></p>
                    <PageHead title=name.clone() />
                    <FormError failure=left apart=true />
                    <FormError failure=taken apart=true />
                    <Card title=t.members lead=words.members_lead>
                        {if nobody {
                            view! { <p class="text-ink-muted">{words.nobody}</p> }.into_any()
                        } else {
                            let columns = vec![t.name, t.added, words.last_seen, t.actions];
                            view! { <Table label=t.members columns=columns>{people}</Table> }.into_any()
                        }}
                        {may.then(|| if all_in {
                            view! { <p class="text-xs text-ink-muted">{words.everybody_in}</p> }.into_any()
                        } else {
                            view! {
                                <FormError failure=added />
                                <ActionForm action=add>
                                    {of.hidden()}
                                    <div class="grid gap-3 md:grid-cols-[1fr_auto] items-start max-w-[560px]">
                                        <SelectField failure=added name="email" label=words.person options=view.people />
                                        <div class="md:pt-6"><Submit label=words.add_person pending=added.pending /></div>
                                    </div>
                                </ActionForm>
                            }
                            .into_any()
                        })}
                    </Card>
                    <Card title=t.projects lead=words.projects_lead>
                        {if nothing {
                            view! { <p class="text-ink-muted">{words.no_projects}</p> }.into_any()
                        } else {
                            let columns = vec![t.name, t.role_label, t.added, t.actions];
                            view! { <Table label=t.projects columns=columns>{projects}</Table> }.into_any()
                        }}
                        <FormError failure=given />
                        {may.then(|| if all_given {
                            view! { <p class="text-xs text-ink-muted">{words.all_projects}</p> }.into_any()
                        } else {
                            view! {
                                <ActionForm action=set>
                                    {of.hidden()}
                                    <div class="grid gap-3 md:grid-cols-[1fr_1fr_auto] items-start">
                                        <SelectField failure=given name="project" label=words.project options=view.projects />
                                        <SelectField failure=given name="role" label=t.role_label options=roles value="developer" />
                                        <div class="md:pt-6"><Submit label=words.give_role pending=given.pending /></div>
                                    </div>
                                </ActionForm>
                            }
                            .into_any()
                        })}
                    </Card>
                    {may.then(|| view! {
                        <Card title=t.general>
                            <FormError failure=updated />
                            <ActionForm action=update>
                                {of.hidden()}
                                <div class="grid gap-3 md:grid-cols-[1fr_1fr_auto] items-start">
                                    <TextField failure=updated name="name" label=t.name value=name required=true />
                                    <TextField failure=updated name="slug" label=t.short_name hint=words.slug_change_hint value=slug required=true />
                                    <div class="md:pt-6"><Submit label=t.save pending=updated.pending /></div>
                                </div>
                            </ActionForm>
                        </Card>
                        <Danger label=words.delete failure=deleted>
                            <p>{end_lead}</p>
                            <FormError failure=deleted />
                            <ActionForm action=delete>
                                {of.hidden()}
                                <Submit label=end_label pending=deleted.pending class=DANGER_CLASS />
                            </ActionForm>
                        </Danger>
                    })}
                }
                .into_any())
            }
        } />
    }
}

impl Of {
    fn hidden(self) -> impl IntoView + use<> {
        view! {
            <input type="hidden" name="organization" value=self.organization.get_value() />
            <input type="hidden" name="team" value=self.team.get_value() />
        }
    }

    fn member(self, member: TeamMember, own: bool) -> AnyView {
        let (t, words) = (text(), Teams::current());
        let (user, name) = (member.user_id.to_string(), member.name.clone());
        let seen = match member.last_seen_at {
            Some(at) => view! { <Ago at=at now=self.now /> }.into_any(),
            None => view! { <span class="text-ink-muted">{t.never}</span> }.into_any(),
        };
        let end = if own {
            // A form of the document: what is left here may not be read again afterwards.
            view! {
                <Danger label=words.leave>
                    <p>{words.leave_lead}</p>
                    <form method="post" action=RemoveTeamMember::url()>
                        {self.hidden()}
                        <input type="hidden" name="user" value=user />
                        <button class=DANGER_CLASS type="submit">{words.leave_now}</button>
                    </form>
                </Danger>
            }
            .into_any()
        } else if self.may {
            let pending = Signal::from(self.leave.pending());
            view! {
                <Danger label=t.remove>
                    <p>{t.with(words.remove_lead, &name)}</p>
                    <ActionForm action=self.leave>
                        {self.hidden()}
                        <input type="hidden" name="user" value=user />
                        <Submit label=t.with(t.remove_named, &name) pending=pending class=DANGER_CLASS />
                    </ActionForm>
                </Danger>
            }
            .into_any()
        } else {
            ().into_any()
        };
        view! {
            <tr class=ROW_CLASS>
                <td class=CELL_CLASS>
                    <span class="font-medium">{member.name}</span>
                    <p class="text-ink-muted text-xs">{member.email}</p>
                </td>
                <td class=CELL_CLASS data-label=t.added>
                    <Ago at=member.created_at now=self.now />
                    {member.added_by.map(|by| view! { <span class="text-ink-muted">" · " {by}</span> })}
                </td>
                <td class=SHORT_CLASS data-label=words.last_seen>{seen}</td>
                <td class=CELL_CLASS>{end}</td>
            </tr>
        }
        .into_any()
    }

    fn project(self, project: TeamProject) -> AnyView {
        let (t, words) = (text(), Teams::current());
        let href = format!("/projects/{}/members", project.project);
        let (role, name) = (project.role, project.name.clone());
        let (changed, ended) = (project.project.clone(), project.project);
        let label = t.with(words.role_of, &name);
        let shown = if self.may {
            let options = Role::ALL
                .map(|option| view! { <option value=option.name() selected=option == role>{t.role(option)}</option> })
                .collect_view();
            let pending = Signal::from(self.set.pending());
            view! {
                <ActionForm action=self.set>
                    <div class="flex gap-2">
                        {self.hidden()}
                        <input type="hidden" name="project" value=changed />
                        <select class=CHOICE_CLASS name="role" aria-label=label>
                            {options}
                        </select>
                        <Submit label=t.change pending=pending class=PLAIN_CLASS />
                    </div>
                </ActionForm>
            }
            .into_any()
        } else {
            view! { <span>{t.role(role)}</span> }.into_any()
        };
        let end = self.may.then(|| {
            let pending = Signal::from(self.take.pending());
            view! {
                <Danger label=t.remove>
                    <p>{t.with(words.take_lead, &name)}</p>
                    <ActionForm action=self.take>
                        {self.hidden()}
                        <input type="hidden" name="project" value=ended />
                        <Submit label=t.with(words.take_named, &name) pending=pending class=DANGER_CLASS />
                    </ActionForm>
                </Danger>
            }
        });
        view! {
            <tr class=ROW_CLASS>
                <td class=CELL_CLASS>
                    <a class=LINK_CLASS href=href><span class="font-medium">{project.name}</span></a>
                </td>
                <td class=CELL_CLASS>{shown}</td>
                <td class=SHORT_CLASS data-label=t.added><Ago at=project.created_at now=self.now /></td>
                <td class=CELL_CLASS>{end}</td>
            </tr>
        }
        .into_any()
    }
}
