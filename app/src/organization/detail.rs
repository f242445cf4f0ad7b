//! One organization: its members, its name, its end.

use domain::{
    Action, OrganizationRole, Resource as Target, Timestamp,
    organization::{Organization, OrganizationMember},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::api::{
    AddOrganizationMember, DeleteOrganization, RemoveOrganizationMember, SetOrganizationRole,
    UpdateOrganization, get_organization,
};
use crate::{
    i18n::text,
    member::page::CHOICE_CLASS,
    ui::{
        Ago, Boundary, CELL_CLASS, Card, DANGER_CLASS, Danger, FormError, PLAIN_CLASS, PageHead, ROW_CLASS,
        SelectField, Submit, Table, TextField, ViewerSource, emptied, failure,
    },
};

#[derive(Clone, Copy)]
struct Actions {
    role: ServerAction<SetOrganizationRole>,
    remove: ServerAction<RemoveOrganizationMember>,
}

#[component]
pub fn DetailPage() -> impl IntoView {
    let t = text();
    let viewer = ViewerSource::current();
    let params = use_params_map();
    let add = ServerAction::<AddOrganizationMember>::new();
    let actions = Actions { role: ServerAction::new(), remove: ServerAction::new() };
    let (added, changed, removed) = (failure(add), failure(actions.role), failure(actions.remove));
    let form = emptied(add);
    let organization = Resource::new(
        move || {
            let versions =
                (add.version().get(), actions.role.version().get(), actions.remove.version().get());
            (params.read().get("organization").unwrap_or_default(), versions)
        },
        |(organization, _)| get_organization(organization),
    );
    let roles: Vec<_> = OrganizationRole::ALL
        .iter()
        .rev()
        .map(|role| (role.name().to_owned(), t.organization_role(*role).to_owned()))
        .collect();
    view! {
        <Title text=t.organization />
        <FormError failure=changed apart=true />
        <FormError failure=removed apart=true />
        <Boundary load=move || {
            let roles = roles.clone();
            async move {
                let viewer = viewer.0.await?;
                let (organization, members, now) = organization.await?;
                let may = viewer.may(Action::ManageOrganization, &Target::Organization(organization.id));
                let slug = organization.slug.clone();
                let nobody = members.is_empty();
                let rows = members
                    .into_iter()
                    .map(|member| view! { <Row member=member organization=slug.clone() now=now may=may actions=actions /> })
                    .collect_view();
                Ok(view! {
                    <PageHead title=organization.name.clone() lead=t.organization_lead />
                    {may.then(|| view! {
                        <Card title=t.add_member>
                            <FormError failure=added />
                            <ActionForm action=add node_ref=form>
                                <input type="hidden" name="organization" value=slug.clone() />
                                <div class="grid gap-3 md:grid-cols-[1fr_200px_auto] items-start">
                                    <TextField failure=added name="email" label=t.email kind="email" hint=t.member_hint required=true />
                                    <SelectField failure=added name="role" label=t.role_label options=roles value="member" />
                                    <div class="md:pt-6">
                                        <Submit label=t.add_member pending=added.pending />
                                    </div>
                                </div>
                            </ActionForm>
                        </Card>
                    })}
                    {if nobody {
                        view! { <p class="mb-6 text-ink-muted">{t.organization_nobody}</p> }.into_any()
                    } else {
                        view! {
                            <Table label=t.members columns=vec![t.name, t.role_label, t.added, t.actions]>
                                {rows}
                            </Table>
                        }.into_any()
                    }}
                    {may.then(|| view! { <Settings organization=organization /> })}
                }
                .into_any())
            }
        } />
    }
}

#[component]
fn Row(
    member: OrganizationMember,
    organization: String,
    now: Timestamp,
    may: bool,
    actions: Actions,
) -> impl IntoView {
    let t = text();
    let (user, role, name) = (member.user_id.to_string(), member.role, member.name.clone());
    let options = OrganizationRole::ALL
        .map(|option| view! { <option value=option.name() selected=option == role>{t.organization_role(option)}</option> })
        .collect_view();
    let change = {
        let (user, organization) = (user.clone(), organization.clone());
        move || {
            view! {
                <ActionForm action=actions.role>
                    <div class="flex gap-2">
                        <input type="hidden" name="organization" value=organization />
                        <input type="hidden" name="user" value=user />
                        <select class=CHOICE_CLASS name="role" aria-label=t.role_label>
                            {options}
                        </select>
                        <Submit label=t.change pending=Signal::from(actions.role.pending()) class=PLAIN_CLASS />
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
                {if may { change().into_any() } else { view! { <span>{t.organization_role(role)}</span> }.into_any() }}
            </td>
            <td class=CELL_CLASS data-label=t.added>
                <Ago at=member.created_at now=now />
            </td>
            <td class=CELL_CLASS>
                {may
                    .then(|| {
                        view! {
                            <Danger label=t.remove>
                                <p>{t.with(t.remove_member_lead, &name)}</p>
                                <ActionForm action=actions.remove>
                                    <input type="hidden" name="organization" value=organization />
                                    <input type="hidden" name="user" value=user />
                                    <Submit
                                        label=t.with(t.remove_named, &name)
                                        pending=Signal::from(actions.remove.pending())
                                        class=DANGER_CLASS
                                    />
                                </ActionForm>
                            </Danger>
                        }
                    })}
            </td>
        </tr>
    }
}

#[component]
fn Settings(organization: Organization) -> impl IntoView {
    let t = text();
    let (update, delete) =
        (ServerAction::<UpdateOrganization>::new(), ServerAction::<DeleteOrganization>::new());
    let (updated, deleted) = (failure(update), failure(delete));
    let (slug, name) = (organization.slug.clone(), organization.name);
    let (named, delete_label) = (slug.clone(), t.with(t.delete_named, &name));
    view! {
        <div class="mt-6">
            <Card title=t.settings>
                <FormError failure=updated />
                <ActionForm action=update>
                    <input type="hidden" name="organization" value=slug.clone() />
                    <div class="grid gap-3 md:grid-cols-[1fr_1fr_auto] items-start">
                        <TextField failure=updated name="name" label=t.name value=name required=true />
                        <TextField
                            failure=updated
                            name="slug"
                            label=t.short_name
                            hint=t.slug_change_hint
                            value=slug.clone()
                            required=true
                        />
                        <div class="md:pt-6">
                            <Submit label=t.save pending=updated.pending />
                        </div>
                    </div>
                </ActionForm>
            </Card>
            <Danger label=t.delete_organization failure=deleted>
                <p>{t.delete_organization_lead}</p>
                <FormError failure=deleted />
                <ActionForm action=delete>
                    <input type="hidden" name="organization" value=named />
                    <Submit label=delete_label pending=deleted.pending class=DANGER_CLASS />
                </ActionForm>
            </Danger>
        </div>
    }
}
