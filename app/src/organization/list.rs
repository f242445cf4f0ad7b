//! The organizations of the reader.

use leptos::prelude::*;
use leptos_meta::Title;

use super::api::{CreateOrganization, list_organizations};
use crate::{
    i18n::text,
    ui::{
        Badge, Boundary, CELL_CLASS, Card, FormError, LINK_CLASS, PageHead, ROW_CLASS, Submit, Table,
        TextField, failure,
    },
};

#[component]
pub fn ListPage() -> impl IntoView {
    let t = text();
    let organizations = Resource::new(|| (), |()| list_organizations());
    let create = ServerAction::<CreateOrganization>::new();
    let created = failure(create);
    view! {
        <Title text=t.organizations />
        <PageHead title=t.organizations lead=t.organizations_lead />
        <Boundary load=move || async move {
            let rows = organizations
                .await?
                .into_iter()
                .map(|organization| {
                    let href = format!("/orgs/{}", organization.slug);
                    view! {
                        <tr class=ROW_CLASS>
                            <td class=CELL_CLASS>
                                <a class=LINK_CLASS href=href>
                                    <span class="font-medium">{organization.name}</span>
                                </a>
                                " " {organization.personal.then(|| view! { <Badge label=t.personal /> })}
                            </td>
                            <td class=CELL_CLASS>
                                <code>{organization.slug}</code>
                            </td>
                            <td class=CELL_CLASS>{t.organization_role(organization.role)}</td>
                            <td class=CELL_CLASS>{t.projects_count(organization.project_count)}</td>
                        </tr>
                    }
                })
                .collect_view();
            Ok(view! {
                <Table label=t.organizations columns=vec![t.name, t.short_name, t.role_label, t.projects]>
                    {rows}
                </Table>
            }
            .into_any())
        } />
        <div class="mt-6">
            <Card title=t.new_organization>
                <FormError failure=created />
                <ActionForm action=create>
                    <div class="grid gap-3 md:grid-cols-[1fr_1fr_auto] items-start">
                        <TextField failure=created name="name" label=t.name required=true />
                        <TextField failure=created name="slug" label=t.short_name hint=t.slug_hint />
                        <div class="md:pt-6">
                            <Submit label=t.create_organization pending=created.pending />
                        </div>
                    </div>
                </ActionForm>
            </Card>
        </div>
    }
}
