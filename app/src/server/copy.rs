//! A copy of a server, in its project or in another.

use domain::{Action, server::Transport};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    api::get_server,
    frame::{ServerSource, ServerTitle},
};
#[cfg(feature = "ssr")]
use crate::{
    context::{go, keep, signed_in},
    draft,
    server::api::ServerDraft,
};
use crate::{
    error::AppError,
    i18n::{Copies, text},
    project::ProjectSource,
    ui::{
        Boundary, Callout, Card, FormError, LinkButton, SelectField, Submit, TextField, Tone, ViewerSource,
        failure,
    },
};

/// A project that the copy may go to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyTarget {
    /// `org.project`.
    pub path: String,
    pub name: String,
}

/// The projects in which the caller may add a server of this kind.
#[server(prefix = "/_fn", endpoint = "servers/copy-targets", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn copy_targets() -> Result<Vec<CopyTarget>, AppError> {
    let (services, caller) = signed_in()?;
    let projects = services.projects().list(&caller, &domain::project::ProjectFilter::default()).await?.items;
    let may = |project: &domain::project::Project| {
        domain::allows(caller.subject(), Action::ManageServers, &project.resource())
    };
    let mut targets: Vec<CopyTarget> = projects
        .into_iter()
        .filter(may)
        .map(|project| CopyTarget {
            name: format!("{} / {}", project.organization_name, project.name),
            path: project.path(),
        })
        .collect();
    targets.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(targets)
}

/// Copies, and goes on to the copy: to its form where values have yet to be typed.
#[server(prefix = "/_fn", endpoint = "servers/copy", output = crate::codec::Json)]
pub async fn copy_server(
    project: String,
    server: String,
    #[server(default)] target: String,
    #[server(default)] name: String,
) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    keep([("target", target.as_str()), ("name", name.as_str())]);
    let input = domain::server::CopyInput { project: Some(target), name: Some(name) };
    let copied = services.servers().copy(&caller, &project, &server, input).await?;
    let here = format!("/projects/{}/servers/{}", copied.project, copied.server.name);
    if copied.is_complete() {
        go(&here);
        return Ok(());
    }
    let row = |name: &String| domain::server::VariableForm { name: name.clone(), ..Default::default() };
    let mut form = domain::server::ServerForm::of(&copied.server);
    form.env.extend(copied.open_env.iter().map(row));
    form.headers.extend(copied.open_headers.iter().map(row));
    let open = copied.open_env.into_iter().chain(copied.open_headers).collect();
    let notes = Some(vec![domain::detect::Note::Open(open)]);
    let made = ServerDraft { form, tested: None, error: None, notes };
    let token = draft::put(&services, &caller, &made);
    go(&format!("{here}/settings?draft={token}"));
    Ok(())
}

#[component]
pub fn CopyPage() -> impl IntoView {
    let (t, words) = (text(), Copies::current());
    let (project, viewer) = (ProjectSource::current(), ViewerSource::current());
    let source = ServerSource::current();
    let action = ServerAction::<CopyServer>::new();
    let failed = failure(action);
    let targets = Resource::new(|| (), |()| copy_targets());
    let server = Resource::new(
        move || (project.name.get(), source.name.get()),
        |(project, server)| get_server(project, server),
    );
    view! {
        <ServerTitle part=words.copy />
        <Boundary load=move || {
            let back = source.href("settings");
            async move {
                if !source.is_there().await {
                    return Ok(().into_any());
                }
                let (viewer, page) = (viewer.0.await?, project.page.await?);
                let (server, _) = server.await?;
                let targets = targets.await?;
                let here = page.project.path();
                let own = targets.iter().find(|target| target.path == here).cloned();
                let others = targets.into_iter().filter(|target| target.path != here);
                let options = own
                    .into_iter()
                    .map(|target| (String::new(), t.with(words.here, &target.name)))
                    .chain(others.map(|target| (target.path, target.name)))
                    .collect();
                let commands = viewer.may(Action::RegisterCommand, &page.project.resource());
                let refused = server.transport == Transport::Stdio && !commands;
                let values = !server.env.is_empty() || !server.headers.is_empty();
                Ok(view! {
                    <div class="max-w-[680px]">
                        <Card title=t.with(words.title, &server.name) lead=words.lead>
                            <ActionForm action=action>
                                <div class="flex flex-col gap-4">
                                    <FormError failure=failed />
                                    {refused.then(|| view! { <Callout tone=Tone::Info title=t.command_admins_only standing=true /> })}
                                    <input type="hidden" name="project" value=here />
                                    <input type="hidden" name="server" value=server.name.clone() />
                                    <SelectField
                                        failure=failed
                                        name="target"
                                        label=words.target
                                        options=options
                                        hint=if values { words.values } else { "" }
                                    />
                                    <TextField
                                        failure=failed
                                        name="name"
                                        label=t.name
                                        hint=words.name_hint
                                        placeholder=server.name
                                    />
                                    <div class="flex gap-2 flex-wrap">
                                        <Submit label=words.copy pending=failed.pending />
                                        <LinkButton href=back>{t.cancel}</LinkButton>
                                    </div>
                                </div>
                            </ActionForm>
                        </Card>
                    </div>
                }
                .into_any())
            }
        } />
    }
}
