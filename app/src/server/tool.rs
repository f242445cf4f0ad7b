//! One tool in a list: as its server described it, as clients see it, and the form to change that.

use domain::tool::{ListedTool, OfferedTool, visible};
use leptos::prelude::*;

use super::tool_api::{OfferTool, RenameTool};
use crate::{
    i18n::{Playground, Tools, text},
    ui::{
        Badge, CodeBlock, FormError, LINK_CLASS, LinkButton, PLAIN_CLASS, Submit, Switch, TextArea,
        TextField, encode, failure,
    },
};

/// The form that the switches of a list are buttons of.
const FORM: &str = "offer";

#[component]
pub fn OfferForm(action: ServerAction<OfferTool>, #[prop(into)] project: Signal<String>) -> impl IntoView {
    view! {
        <ActionForm action=action attr:id=FORM>
            <input type="hidden" name="project" value=move || project.get() />
        </ActionForm>
    }
}

/// `list` is the address of the list as it stands, to which `open` and `edit` are added with the tool's
/// mark. `pending` is for those who may change tools.
#[component]
pub fn ToolItem(
    item: ListedTool,
    project: String,
    list: String,
    mark: String,
    /// Shown whole.
    open: bool,
    /// With the form to change it.
    edited: bool,
    pending: Option<Signal<bool>>,
    /// Whether to say of which server it is.
    of_many: bool,
) -> impl IntoView {
    let t = text();
    let address = |what: &str| format!("{list}{what}={}#open", encode(&mark));
    let href = if open { list.trim_end_matches(['&', '?']).to_owned() } else { address("open") };
    let controls = pending.map(|pending| {
        let (hidden, name) = (item.tool.rule.hidden, &item.tool.name);
        view! {
            <div class="absolute top-0 right-0 flex items-center gap-3 px-3 py-2">
                <Switch
                    label=t.with(t.tool_offered, name)
                    on=!hidden
                    pending=pending
                    form=FORM
                    name=if hidden { "show" } else { "hide" }
                    value=format!("{}/{name}", item.server)
                />
                <a class=LINK_CLASS href=address("edit") data-noscroll="" aria-label=t.with(t.tool_edit, name)>
                    {t.edit}
                </a>
            </div>
        }
    });
    let form = edited.then(|| {
        let back = list.trim_end_matches(['&', '?']).to_owned();
        view! { <EditForm item=item.tool.clone() project=project.clone() server=item.server.clone() list=back /> }
    });
    view! {
        <li class="relative border-b border-line last:border-b-0" id=(open || edited).then_some("open")>
            <Headline item=item.clone() href=href open=open beside=controls.is_some() of_many=of_many />
            {open.then(|| view! { <Particulars item=item project=project of_many=of_many /> })}
            // Beside the link, because what can be pressed may not stand in one.
            {controls}
            {form}
        </li>
    }
}

/// The name that clients see, with what is particular about it; `beside` leaves room for controls.
#[component]
fn Headline(item: ListedTool, href: String, open: bool, beside: bool, of_many: bool) -> impl IntoView {
    const CLASS: &str = "block px-3 py-2 text-ink no-underline hover:bg-surface-sunken break-words";
    const BESIDE_CLASS: &str =
        "block pl-3 pr-[112px] py-2 text-ink no-underline hover:bg-surface-sunken break-words";
    let (t, words) = (text(), Tools::current());
    let ListedTool { server, enabled, tool: item, .. } = item;
    let origin = of_many.then(|| if enabled { server } else { format!("{server} · {}", words.server_off) });
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
        item.changed_at.map(|_| words.changed),
    ];
    let badges =
        marks.into_iter().flatten().chain(hints).map(|label| view! { <Badge label=label /> }).collect_view();
    let own = item.rule.alias.is_some().then(|| t.with(t.tool_own_name, &item.name));
    let said = (!open).then(|| visible(item.description()).into_owned()).filter(|said| !said.is_empty());
    view! {
        <a
            class=if beside { BESIDE_CLASS } else { CLASS }
            href=href
            data-noscroll=""
            aria-expanded=if open { "true" } else { "false" }
        >
            <code class=class>{offered}</code>
            {own.map(|own| view! { <span class="ml-2 text-ink-muted text-xs">{own}</span> })}
            {title.map(|title| view! { <span class="ml-2 text-ink-muted">{title}</span> })}
            {origin.map(|origin| view! { <span class="ml-2 text-ink-muted text-xs">{origin}</span> })}
            <span class="ml-2 inline-flex gap-1 flex-wrap empty:hidden">{badges}</span>
            {said.map(|said| view! { <span class="block truncate text-ink-muted text-xs">{said}</span> })}
        </a>
    }
}

#[component]
fn Particulars(item: ListedTool, project: String, of_many: bool) -> impl IntoView {
    let (t, words) = (text(), Tools::current());
    let ListedTool { server, alias: prefix, tokens, tool: item, .. } = item;
    let here = format!("/projects/{project}/servers/{server}");
    let history = format!("{here}/history?tool={}", encode(&item.name));
    let origin = of_many.then(|| (t.with(words.origin, &server), here.clone()));
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
            <p class="whitespace-pre-wrap break-words text-ink-muted empty:hidden">{description}</p>
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
                {origin.map(|(label, href)| view! { <a class=LINK_CLASS href=href>{label}</a> })}
                <a class=LINK_CLASS href=history>{words.history}</a>
                {(tokens > 0).then(|| view! { <span title=words.tokens_hint>{words.tokens(tokens)}</span> })}
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
