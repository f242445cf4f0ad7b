//! A copy of a server, in its project or in another.

use domain::{Action, server::Transport};
use leptos::prelude::*;

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
        Boundary, Callout, Card, ChoiceField, Choices, FormError, LinkButton, Submit, TextField, Tone,
        ViewerSource, failure,
    },
};

/// The projects in which the caller may add servers, those whose names hold `q`.
#[server(prefix = "/_fn", endpoint = "servers/copy-targets", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn copy_targets(#[server(default)] q: String) -> Result<Choices, AppError> {
    let (services, caller) = signed_in()?;
    let filter = domain::project::ProjectFilter { q: Some(q), ..Default::default() };
    let page = services.projects().list_as(&caller, domain::Role::Developer, &filter).await?;
    let item = |project: domain::project::Project| {
        (project.path(), format!("{} / {}", project.organization_name, project.name))
    };
    let mut items: Vec<_> = page.items.into_iter().map(item).collect();
    items.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(Choices { items, more: page.next.is_some() })
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
    let input = domain::server::CopyInput { project: Some(target.trim().to_owned()), name: Some(name) };
    let copied = services.servers().copy(&caller, &project, &server, input).await;
    let copied = match copied {
        // What is copied is there: what is not is the project that was typed.
        Err(error)
            if error.code() == domain::Code::NotFound
                && services.servers().get(&caller, &project, &server).await.is_ok() =>
        {
            return Err(domain::Error::field("target", error.code()).into());
        }
        copied => copied?,
    };
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
    let targets = Resource::new(|| (), |()| copy_targets(String::new()));
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
                let own = format!("{} / {}", page.project.organization_name, page.project.name);
                let more = targets.more;
                let own = (String::new(), t.with(words.here, &own));
                let others = targets.items.into_iter().filter(|(path, _)| *path != here);
                // In a list the project itself is the first; a field that is left empty stands for it.
                let items = Some(own).filter(|_| !more).into_iter().chain(others).collect();
                let choices = Choices { items, more };
                let commands = viewer.may(Action::RegisterCommand, &page.project.resource());
                // What was approved or is shared stays so in a copy.
                let described = server.approved_command.is_none() && server.shared.is_none();
                let refused = server.transport == Transport::Stdio && described && !commands;
                let values = !server.env.is_empty() || !server.headers.is_empty();
                Ok(view! {
                    <div class="max-w-[680px]">
                        <Card title=t.with(words.title, &server.name) lead=words.lead>
                            <ActionForm action=action>
                                <div class="flex flex-col gap-4">
                                    <FormError failure=failed />
                                    {refused.then(|| view! { <Callout tone=Tone::Info title=t.command_admins_only standing=true /> })}
                                    <input type="hidden" name="project" value=here.clone() />
                                    <input type="hidden" name="server" value=server.name.clone() />
                                    <ChoiceField
                                        failure=failed
                                        name="target"
                                        label=words.target
                                        choices=choices
                                        find=|q| Box::pin(copy_targets(q))
                                        hint=if values { words.values } else { "" }
                                        placeholder=here.clone()
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
