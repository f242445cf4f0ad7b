//! Adding people to a project or an organization: the one form, and what came of it.

use domain::{
    OrganizationRole, Role,
    invitation::{Host, InvitedRole},
};
use leptos::{html::Form, prelude::*};
use leptos_router::hooks::use_query_map;

use super::api::{AddOrInvite, Added, take_added};
use crate::{
    error::AppError,
    i18n::{Invitations, text},
    ui::{
        Boundary, Callout, Card, CopyField, Failure, FormError, SelectField, Submit, TextField, Tone,
        emptied, failure,
    },
};

/// The name of the field that says where to, and its value.
pub(super) fn field(host: &Host) -> (&'static str, String) {
    match host {
        Host::Project(project) => ("host[project]", project.clone()),
        Host::Organization(organization) => ("host[organization]", organization.clone()),
    }
}

/// What the form, the note of what came of it and the lists under it share.
#[derive(Clone, Copy)]
pub struct Adding {
    action: ServerAction<AddOrInvite>,
    failure: Failure,
    form: NodeRef<Form>,
    /// What a plain form has just come to.
    told: Resource<Result<Option<Added>, AppError>>,
}

impl Adding {
    #[must_use]
    pub fn begin() -> Self {
        let action = ServerAction::<AddOrInvite>::new();
        let query = use_query_map();
        let told = Resource::new(
            move || query.read().get("added"),
            |token| async move {
                match token {
                    Some(token) => take_added(token).await,
                    None => Ok(None),
                }
            },
        );
        Self { action, failure: failure(action), form: emptied(action), told }
    }

    /// Grows when somebody was added or invited.
    #[must_use]
    pub fn version(&self) -> Signal<usize> {
        self.action.version().into()
    }

    /// What came of it, above everything else on the page.
    #[must_use]
    pub fn note(self) -> AnyView {
        let Self { action, told, .. } = self;
        view! {
            <Boundary load=move || async move {
                let told = told.await?;
                Ok(view! {
                    <div class="contents" aria-live="polite">
                        {move || {
                            let done = action.value().with(|value| value.as_ref().and_then(|v| v.as_ref().ok().cloned().flatten()));
                            done.or_else(|| told.clone()).map(note)
                        }}
                    </div>
                }
                .into_any())
            } />
        }
        .into_any()
    }

    /// The form, for those who may.
    #[must_use]
    pub fn form(self, host: &Host) -> AnyView {
        let (t, i) = (text(), Invitations::current());
        let (roles, role) = match host {
            Host::Project(_) => {
                (Role::ALL.into_iter().rev().map(InvitedRole::from).collect::<Vec<_>>(), "developer")
            }
            Host::Organization(_) => {
                (OrganizationRole::ALL.into_iter().rev().map(InvitedRole::from).collect(), "member")
            }
        };
        let option = |role: InvitedRole| {
            let (label, meaning) = t.invited_role(role);
            (role.name().to_owned(), format!("{label}: {meaning}"))
        };
        let roles: Vec<_> = roles.into_iter().map(option).collect();
        let (name, value) = field(host);
        let Self { action, failure, form, .. } = self;
        view! {
            <Card title=t.add_member>
                <FormError failure=failure />
                <ActionForm action=action node_ref=form>
                    <input type="hidden" name=name value=value />
                    <div class="grid gap-3 md:grid-cols-[1fr_1fr_auto] items-start">
                        <TextField failure=failure name="email" label=t.email kind="email" hint=i.email_hint />
                        <SelectField failure=failure name="role" label=t.role_label options=roles value=role />
                        <div class="md:pt-6">
                            <Submit label=i.add pending=failure.pending />
                        </div>
                    </div>
                </ActionForm>
            </Card>
        }
        .into_any()
    }
}

fn note(added: Added) -> AnyView {
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
