//! Servers from the configuration file of a client: paste, look, create.

use domain::import::ImportedServer;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::api::{ImportServers, read_import_draft};
use crate::{
    i18n::text,
    project::ProjectSource,
    ui::{
        Badge, Boundary, CELL_CLASS, FormError, LinkButton, PLAIN_CLASS, PageHead, ROW_CLASS, Submit, Table,
        TextArea, failure_or,
    },
};

const EXAMPLE: &str = "{\n  \"mcpServers\": {\n    \"everything\": {\n      \"command\": \"npx\",\n      \"args\": [\"-y\", \"@modelcontextprotocol/server-everything\"]\n    }\n  }\n}";

#[component]
pub fn ImportPage() -> impl IntoView {
    let t = text();
    let project = ProjectSource::current();
    let query = use_query_map();
    let draft = Resource::new(
        move || query.read().get("draft"),
        |token| async move {
            match token {
                Some(token) => read_import_draft(token).await,
                None => Ok(None),
            }
        },
    );
    view! {
        <Title text=t.import />
        <PageHead title=t.import lead=t.import_lead />
        <Boundary load=move || async move {
            let draft = draft.await?;
            let (sent, previewed, told) = draft
                .map_or((String::new(), Vec::new(), None), |draft| (draft.text, draft.servers, draft.error));
            let action = ServerAction::<ImportServers>::new();
            let failure = failure_or(action, told);
            let preview = Memo::new(move |_| match action.value().get() {
                Some(Ok(servers)) => servers,
                Some(Err(_)) => Vec::new(),
                None => previewed.clone(),
            });
            Ok(view! {
                <ActionForm action=action>
                    <div class="flex flex-col gap-4">
                        <FormError failure=failure />
                        <input type="hidden" name="project" value=project.name.get_untracked() />
                        <TextArea
                            failure=failure
                            name="text"
                            label=t.configuration
                            value=sent
                            hint=t.import_hint
                            placeholder=EXAMPLE
                            rows=14
                            required=true
                        />
                        <div class="contents" aria-live="polite">
                            {move || (!preview.read().is_empty()).then(|| view! { <Preview servers=preview.get() /> })}
                        </div>
                        <div class="flex gap-2 flex-wrap">
                            <Submit label=t.preview pending=failure.pending class=PLAIN_CLASS name="intent" value="preview" />
                            <Submit label=t.create_servers pending=failure.pending name="intent" value="create" />
                            <LinkButton href=project.path("servers")>{t.cancel}</LinkButton>
                        </div>
                    </div>
                </ActionForm>
            }
            .into_any())
        } />
    }
}

#[component]
fn Preview(servers: Vec<ImportedServer>) -> impl IntoView {
    let t = text();
    let rows = servers
        .into_iter()
        .map(|server| {
            let input = server.input;
            let target = if input.transport.is_remote() {
                input.url
            } else {
                std::iter::once(input.command).chain(input.args).collect::<Vec<_>>().join(" ")
            };
            let names = input
                .env
                .iter()
                .chain(&input.headers)
                .map(|v| view! { <Badge label=v.name.clone() /> })
                .collect_view();
            let warnings =
                server.warnings.into_iter().map(|w| view! { <li class="text-warn">{w}</li> }).collect_view();
            view! {
                <tr class=ROW_CLASS>
                    <td class=CELL_CLASS>
                        <span class="font-medium font-mono">{input.name}</span>
                    </td>
                    <td class=CELL_CLASS>{t.transport(input.transport)}</td>
                    <td class=CELL_CLASS>
                        <code class="break-all">{target}</code>
                        <div class="flex gap-1 flex-wrap mt-1">{names}</div>
                    </td>
                    <td class=CELL_CLASS>
                        <ul class="text-xs">{warnings}</ul>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <h2 class="font-semibold mb-2">{t.will_create}</h2>
        <Table label=t.will_create columns=vec![t.name, t.kind, t.target, t.notes]>
            {rows}
        </Table>
    }
}
