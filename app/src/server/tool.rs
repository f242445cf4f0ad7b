//! One tool in the list: as its server described it, as clients see it, and the form to change that.

use domain::tool::{OfferedTool, visible};
use leptos::prelude::*;

use super::tool_api::{HideTool, RenameTool};
use crate::{
    i18n::{Playground, Tools, text},
    ui::{
        Badge, CodeBlock, FormError, LinkButton, PLAIN_CLASS, Submit, Switch, TextArea, TextField, encode,
        failure,
    },
};

/// `list` is the address of the list as it stands, in which `mark` names the tool; `hide` is for those
/// who may change tools. `origin` is the server with its page, where the list has tools of several.
#[component]
pub fn ToolItem(
    item: OfferedTool,
    project: String,
    server: String,
    prefix: String,
    list: String,
    hide: Option<ServerAction<HideTool>>,
    edited: bool,
    mark: String,
    #[prop(optional_no_strip)] origin: Option<(String, String)>,
) -> impl IntoView {
    let t = text();
    let (name, hidden) = (item.name.clone(), item.rule.hidden);
    let edit = format!("{list}&edit={}", encode(&mark));
    let controls = hide.map(|action| {
        let pending = action.pending();
        let (project, server, tool) = (project.clone(), server.clone(), name.clone());
        let label = t.with(t.tool_offered, &name);
        view! {
            <div class="absolute top-0 right-0 flex items-center gap-3 px-3 py-2">
                <ActionForm action=action>
                    <input type="hidden" name="project" value=project />
                    <input type="hidden" name="server" value=server />
                    <input type="hidden" name="tool" value=tool />
                    <input type="hidden" name="hidden" value=if hidden { "false" } else { "true" } />
                    <Switch label=label on=!hidden pending=pending />
                </ActionForm>
                <a class="text-accent no-underline hover:underline" href=edit aria-label=t.with(t.tool_edit, &name)>
                    {t.edit}
                </a>
            </div>
        }
    });
    let here = format!("/projects/{project}/servers/{server}");
    let form = edited.then(|| {
        view! { <EditForm item=item.clone() project=project.clone() server=server.clone() list=list.clone() /> }
    });
    view! {
        <li class="relative border-b border-line last:border-b-0">
            <details>
                <Headline item=item.clone() beside=controls.is_some() origin=origin.as_ref().map(|(name, _)| name.clone()) />
                <Particulars item=item prefix=prefix origin=origin here=here />
            </details>
            // Beside the summary, because what can be pressed may not stand in one.
            {controls}
            {form}
        </li>
    }
}

/// The name that clients see, with what is particular about it; `beside` leaves room for controls.
#[component]
fn Headline(item: OfferedTool, beside: bool, origin: Option<String>) -> impl IntoView {
    const CLASS: &str = "px-3 py-2 cursor-pointer hover:bg-surface-sunken break-words";
    const BESIDE_CLASS: &str = "pl-3 pr-[112px] py-2 cursor-pointer hover:bg-surface-sunken break-words";
    let t = text();
    let offered = item.rule.alias.clone().unwrap_or_else(|| item.name.clone());
    let class = if item.rule.hidden { "font-medium line-through text-ink-muted" } else { "font-medium" };
    let title =
        item.tool.as_ref().map(|tool| visible(tool.title()).into_owned()).filter(|title| *title != item.name);
    let hints = [
        ("readOnlyHint", t.read_only),
        ("destructiveHint", t.destructive),
        ("idempotentHint", t.idempotent),
        ("openWorldHint", t.open_world),
    ];
    let has = |name: &str| item.tool.as_ref().and_then(|tool| tool.hint(name)) == Some(true);
    let hints = hints.into_iter().filter(|(name, _)| has(name)).map(|(_, label)| label);
    let marks = [
        item.rule.hidden.then_some(t.tool_hidden),
        item.tool.is_none().then_some(t.tool_missing),
        item.rule.description.is_some().then_some(t.tool_described),
        item.changed_at.map(|_| Tools::current().changed),
    ];
    let badges =
        marks.into_iter().flatten().chain(hints).map(|label| view! { <Badge label=label /> }).collect_view();
    let own = item.rule.alias.is_some().then(|| t.with(t.tool_own_name, &item.name));
    view! {
        <summary class=if beside { BESIDE_CLASS } else { CLASS }>
            <code class=class>{offered}</code>
            {own.map(|own| view! { <span class="ml-2 text-ink-muted text-xs">{own}</span> })}
            {title.map(|title| view! { <span class="ml-2 text-ink-muted">{title}</span> })}
            {origin.map(|origin| view! { <span class="ml-2 text-ink-muted text-xs">{origin}</span> })}
            <span class="ml-2 inline-flex gap-1 flex-wrap">{badges}</span>
        </summary>
    }
}

#[component]
fn Particulars(
    item: OfferedTool,
    prefix: String,
    origin: Option<(String, String)>,
    here: String,
) -> impl IntoView {
    let (t, words) = (text(), Tools::current());
    let history = format!("{here}/history?tool={}", encode(&item.name));
    let cost = (item.tokens() > 0).then(|| words.tokens(item.tokens()));
    let pretty =
        |value: Option<&serde_json::Value>| value.and_then(|value| serde_json::to_string_pretty(value).ok());
    let tool = item.tool.as_ref();
    let (input, output) = (
        pretty(tool.and_then(|tool| tool.input_schema())),
        pretty(tool.and_then(|tool| tool.output_schema())),
    );
    let own = tool.map(|tool| visible(tool.description()).into_owned()).unwrap_or_default();
    let replaced = item.rule.description.is_some() && !own.is_empty();
    let description = visible(item.description()).into_owned();
    let merged = item.offered().map(|name| match prefix.as_str() {
        "" => name.to_owned(),
        prefix => format!("{prefix}__{name}"),
    });
    let schema = |label: &'static str, schema: Option<String>| {
        schema.map(|schema| {
            view! {
                <p class="text-xs font-medium">{label}</p>
                <CodeBlock code=schema label=label />
            }
        })
    };
    view! {
        <div class="px-3 pb-3 flex flex-col gap-2">
            <p class="whitespace-pre-wrap break-words text-ink-muted">{description}</p>
            {replaced
                .then(|| {
                    view! {
                        <p class="text-xs font-medium">{t.tool_own_description}</p>
                        <p class="whitespace-pre-wrap break-words text-ink-muted text-xs">{own}</p>
                    }
                })}
            {merged
                .map(|name| {
                    view! {
                        <p class="text-xs text-ink-muted">
                            {t.tool_merged_name} " " <code class="break-all">{name}</code>
                        </p>
                    }
                })}
            <p class="text-xs text-ink-muted flex gap-3 flex-wrap">
                {origin.map(|(server, href)| view! { <a class="text-accent" href=href>{t.with(words.origin, &server)}</a> })}
                <a class="text-accent" href=history>{words.history}</a>
                {cost.map(|cost| view! { <span title=words.tokens_hint>{cost}</span> })}
            </p>
            {item
                .offered()
                .filter(|_| item.tool.is_some())
                .map(|_| {
                    let href = format!("{here}/try?tool={}", encode(&item.name));
                    let label = Playground::current().try_out;
                    view! { <div><LinkButton href=href>{label}</LinkButton></div> }
                })}
            {schema(t.input_schema, input)}
            {schema(t.output_schema, output)}
        </div>
    }
}

/// Has an address of its own (`edit=`), so it opens without WASM as well.
#[component]
fn EditForm(item: OfferedTool, project: String, server: String, list: String) -> impl IntoView {
    let t = text();
    let action = ServerAction::<RenameTool>::new();
    let failed = failure(action);
    let ruled = !item.rule.is_empty();
    let own = item.tool.as_ref().map(|tool| tool.description().to_owned()).unwrap_or_default();
    view! {
        <ActionForm action=action>
            <div class="px-3 pt-2 pb-4 flex flex-col gap-3 max-w-[680px]">
                <FormError failure=failed />
                <input type="hidden" name="project" value=project />
                <input type="hidden" name="server" value=server />
                <input type="hidden" name="tool" value=item.name.clone() />
                <input type="hidden" name="back" value=list.clone() />
                <TextField
                    failure=failed
                    name="alias"
                    label=t.tool_alias
                    hint=t.tool_alias_hint
                    value=item.rule.alias.unwrap_or_default()
                    placeholder=item.name
                />
                <TextArea
                    failure=failed
                    name="description"
                    prose=true
                    label=t.description
                    hint=t.tool_description_hint
                    value=item.rule.description.unwrap_or_default()
                    placeholder=own
                    rows=4
                />
                <div class="flex gap-2 flex-wrap">
                    <Submit label=t.save pending=failed.pending name="intent" value="save" />
                    {ruled
                        .then(|| {
                            view! {
                                <Submit
                                    label=t.tool_reset
                                    pending=failed.pending
                                    class=PLAIN_CLASS
                                    name="intent"
                                    value="reset"
                                />
                            }
                        })}
                    <LinkButton href=list>{t.cancel}</LinkButton>
                </div>
            </div>
        </ActionForm>
    }
}
