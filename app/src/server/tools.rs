//! A server's tools with their schemas.

use domain::tool::Tool;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::api::{TOOLS_SHOWN, server_tools};
use crate::{
    i18n::{group, text},
    project::ProjectSource,
    ui::{Badge, Boundary, CodeBlock, EmptyState, FilterBar, FilterText, LinkButton, encode},
};

#[component]
pub fn Tools(server: Memo<String>) -> impl IntoView {
    let t = text();
    let project = ProjectSource::current();
    let query = use_query_map();
    let search = Memo::new(move |_| query.read().get("q").unwrap_or_default());
    let number =
        Memo::new(move |_| query.read().get("page").and_then(|n| n.parse().ok()).unwrap_or(1_u32).max(1));
    let tools = Resource::new(
        move || (project.name.get(), server.get(), search.get(), number.get(), project.changes.get()),
        |(project, server, search, page, _)| server_tools(project, server, search, page),
    );
    view! {
        <Boundary load=move || {
            let (search, number) = (search.get(), number.get());
            let here = project.href(&format!("servers/{}", server.get()));
            async move {
                let page = tools.await?;
                if page.total == 0 {
                    return Ok(view! { <EmptyState title=t.tools_empty body=t.tools_empty_body /> }.into_any());
                }
                let clear = (!search.is_empty()).then(|| format!("{here}?tab=tools"));
                let turn = |n: u32| format!("{here}?tab=tools&q={}&page={n}", encode(&search));
                let previous = (number > 1).then(|| turn(number - 1));
                let next = (page.found > number.saturating_mul(TOOLS_SHOWN)).then(|| turn(number + 1));
                let count = format!("{} / {}", group(page.found.into()), group(page.total.into()));
                let items = page.items.into_iter().map(|tool| view! { <ToolItem tool=tool /> }).collect_view();
                Ok(view! {
                    <FilterBar action=here.clone() clear=clear>
                        <input type="hidden" name="tab" value="tools" />
                        <FilterText name="q" label=t.search value=search.clone() />
                    </FilterBar>
                    <p class="mb-2 text-ink-muted text-xs">{count}</p>
                    <ul class="border border-line rounded-[10px] bg-surface-raised">{items}</ul>
                    <div class="mt-3 flex gap-2">
                        {previous.map(|href| view! { <LinkButton href=href>{t.previous}</LinkButton> })}
                        {next.map(|href| view! { <LinkButton href=href>{t.next}</LinkButton> })}
                    </div>
                }
                .into_any())
            }
        } />
    }
}

#[component]
fn ToolItem(tool: Tool) -> impl IntoView {
    let t = text();
    let pretty =
        |value: Option<&serde_json::Value>| value.and_then(|value| serde_json::to_string_pretty(value).ok());
    let (input, output) = (pretty(tool.input_schema()), pretty(tool.output_schema()));
    let title = Some(tool.title()).filter(|title| *title != tool.name()).map(str::to_owned);
    let hints = [
        ("readOnlyHint", t.read_only),
        ("destructiveHint", t.destructive),
        ("idempotentHint", t.idempotent),
        ("openWorldHint", t.open_world),
    ];
    let hints = hints
        .into_iter()
        .filter(|(name, _)| tool.hint(name) == Some(true))
        .map(|(_, label)| view! { <Badge label=label /> })
        .collect_view();
    view! {
        <li class="border-b border-line last:border-b-0">
            <details>
                <summary class="px-3 py-2 cursor-pointer hover:bg-surface-sunken">
                    <code class="font-medium">{tool.name().to_owned()}</code>
                    <span class="ml-2 text-ink-muted">{title}</span>
                    <span class="ml-2 inline-flex gap-1">{hints}</span>
                </summary>
                <div class="px-3 pb-3 flex flex-col gap-2">
                    <p class="whitespace-pre-wrap break-words text-ink-muted">{tool.description().to_owned()}</p>
                    {input
                        .map(|schema| {
                            view! {
                                <p class="text-xs font-medium">{t.input_schema}</p>
                                <CodeBlock code=schema label=t.input_schema />
                            }
                        })}
                    {output
                        .map(|schema| {
                            view! {
                                <p class="text-xs font-medium">{t.output_schema}</p>
                                <CodeBlock code=schema label=t.output_schema />
                            }
                        })}
                </div>
            </details>
        </li>
    }
}
