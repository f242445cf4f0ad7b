//! A server by what its manual gives: paste it, and the form below is filled in.

use domain::{detect::Note, server::Transport};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    context::{go, keep, signed_in},
    draft,
    server::api::{ServerDraft, Tested},
};
use crate::{
    error::AppError,
    i18n::Detect,
    project::ProjectSource,
    ui::{Callout, Card, FormError, PLAIN_CLASS, Submit, TextArea, Tone, failure, prose},
};

/// Reads `source` and goes on to the form that it fills in, or to the import.
#[server(prefix = "/_fn", endpoint = "servers/detect", output = crate::codec::Json)]
pub async fn detect_server(project: String, source: String) -> Result<(), AppError> {
    let (services, caller) = signed_in()?;
    // What looks like a secret must not travel in an address.
    let bare = !source.contains('=') && !source.to_lowercase().contains("bearer");
    keep(bare.then_some(("source", source.as_str())));
    let found = services.servers().detect(&caller, &project, &source).await?;
    let list = format!("/projects/{project}/servers");
    if let Some(text) = found.import {
        let token = crate::project::import_api::look(&services, &caller, &project, text).await;
        go(&format!("/projects/{project}/import?draft={token}"));
        return Ok(());
    }
    let Some(server) = found.server else { return Ok(()) };
    let transport = server.input.transport;
    let made = ServerDraft {
        form: domain::server::ServerForm::of_input(&server.input),
        tested: found.report.map(|report| Tested::new(report, transport)),
        error: None,
        notes: Some(server.notes),
    };
    let token = draft::put(&services, &caller, &made);
    go(&format!("{list}/new?draft={token}"));
    Ok(())
}

/// The field on top of "Add server".
#[component]
pub fn DetectField() -> impl IntoView {
    let words = Detect::current();
    let project = ProjectSource::current();
    let action = ServerAction::<DetectServer>::new();
    let failed = failure(action);
    view! {
        <div class="max-w-[680px]">
            <Card title=words.source>
                <ActionForm action=action>
                    <div class="flex flex-col gap-3">
                        <FormError failure=failed />
                        <input type="hidden" name="project" value=move || project.name.get() />
                        <TextArea
                            failure=failed
                            name="source"
                            label=words.source
                            unseen=true
                            hint=words.hint
                            placeholder="npx -y @modelcontextprotocol/server-everything"
                            rows=2
                            required=true
                        />
                        <div>
                            <Submit label=words.fill pending=failed.pending class=PLAIN_CLASS />
                        </div>
                    </div>
                </ActionForm>
            </Card>
        </div>
    }
}

/// What was made of the text, above the form that it filled in.
#[component]
pub fn Notes(notes: Vec<Note>, transport: String) -> impl IntoView {
    let words = Detect::current();
    let started = (transport == Transport::Stdio.name()).then_some(words.not_started);
    let lines = notes
        .iter()
        .map(|note| words.note(note))
        .chain(started.map(str::to_owned))
        .map(|line| view! { <li>{prose(&line)}</li> })
        .collect_view();
    view! {
        <Callout tone=Tone::Info title=words.found>
            <ul>{lines}</ul>
        </Callout>
    }
}
