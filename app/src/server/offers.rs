//! A server's resources and prompts, as clients see them.

use domain::offer::{OfferedPrompt, OfferedResource};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

use super::tabs::server_of_page;
#[cfg(feature = "ssr")]
use crate::context::signed_in;
use crate::{
    error::AppError,
    i18n::{Offers, Playground, group, text},
    project::ProjectSource,
    ui::{Badge, Boundary, EmptyState, FilterBar, FilterText, LinkButton, encode},
};

/// Items that a page holds.
const SHOWN: u32 = 50;

/// One page of a list of which there may be thousands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OffersPage<T> {
    pub total: u32,
    /// That fit the search.
    pub found: u32,
    pub items: Vec<T>,
}

#[cfg(feature = "ssr")]
fn cut<T>(all: Vec<T>, page: u32, fits: impl Fn(&T) -> bool) -> OffersPage<T> {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let total = count(all.len());
    let found: Vec<T> = all.into_iter().filter(fits).collect();
    let skipped = (page.max(1) - 1).saturating_mul(SHOWN) as usize;
    OffersPage {
        total,
        found: count(found.len()),
        items: found.into_iter().skip(skipped).take(SHOWN as usize).collect(),
    }
}

#[server(prefix = "/_fn", endpoint = "servers/resources", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn server_resources(
    project: String,
    server: String,
    search: String,
    page: u32,
) -> Result<OffersPage<OfferedResource>, AppError> {
    let (services, caller) = signed_in()?;
    let all = services.servers().resources(&caller, &project, &server).await?;
    let wanted = search.to_lowercase();
    Ok(cut(all, page, |item| item.contains(&wanted)))
}

#[server(prefix = "/_fn", endpoint = "servers/prompts", input = server_fn::codec::GetUrl, output = crate::codec::Json)]
pub async fn server_prompts(
    project: String,
    server: String,
    search: String,
    page: u32,
) -> Result<OffersPage<OfferedPrompt>, AppError> {
    let (services, caller) = signed_in()?;
    let all = services.servers().prompts(&caller, &project, &server).await?;
    let wanted = search.to_lowercase();
    Ok(cut(all, page, |item| item.contains(&wanted)))
}

/// What the address says of a list.
#[derive(Clone, Copy)]
struct Asked {
    search: Memo<String>,
    page: Memo<u32>,
}

impl Asked {
    fn read() -> Self {
        let query = use_query_map();
        Self {
            search: Memo::new(move |_| query.read().get("q").unwrap_or_default()),
            page: Memo::new(move |_| {
                query.read().get("page").and_then(|n| n.parse().ok()).unwrap_or(1_u32).max(1)
            }),
        }
    }
}

#[component]
pub fn Resources() -> impl IntoView {
    let server = server_of_page();
    let words = Offers::current();
    let project = ProjectSource::current();
    let asked = Asked::read();
    let list = Resource::new(
        move || {
            (project.name.get(), server.get(), asked.search.get(), asked.page.get(), project.changes.get())
        },
        |(project, server, search, page, _)| server_resources(project, server, search, page),
    );
    view! {
        <Boundary load=move || {
            let here = project.href(&format!("servers/{}", server.get()));
            let (search, number) = (asked.search.get(), asked.page.get());
            async move {
                let page = list.await?;
                if page.total == 0 {
                    return Ok(view! { <EmptyState title=words.resources_empty body=words.resources_empty_body /> }.into_any());
                }
                let frame = Frame { here: here.clone(), tab: "resources", search, number, found: page.found, total: page.total };
                let items: Vec<AnyView> =
                    page.items.into_iter().map(|item| view! { <ResourceItem item=item here=here.clone() /> }.into_any()).collect();
                Ok(view! { <Listed frame=frame items=items /> }.into_any())
            }
        } />
    }
}

#[component]
pub fn Prompts() -> impl IntoView {
    let server = server_of_page();
    let words = Offers::current();
    let project = ProjectSource::current();
    let asked = Asked::read();
    let list = Resource::new(
        move || {
            (project.name.get(), server.get(), asked.search.get(), asked.page.get(), project.changes.get())
        },
        |(project, server, search, page, _)| server_prompts(project, server, search, page),
    );
    view! {
        <Boundary load=move || {
            let here = project.href(&format!("servers/{}", server.get()));
            let (search, number) = (asked.search.get(), asked.page.get());
            async move {
                let page = list.await?;
                if page.total == 0 {
                    return Ok(view! { <EmptyState title=words.prompts_empty body=words.prompts_empty_body /> }.into_any());
                }
                let frame = Frame { here: here.clone(), tab: "prompts", search, number, found: page.found, total: page.total };
                let items: Vec<AnyView> =
                    page.items.into_iter().map(|item| view! { <PromptItem item=item here=here.clone() /> }.into_any()).collect();
                Ok(view! { <Listed frame=frame items=items /> }.into_any())
            }
        } />
    }
}

/// What stands around a page of items.
struct Frame {
    here: String,
    tab: &'static str,
    search: String,
    number: u32,
    found: u32,
    total: u32,
}

#[component]
fn Listed(frame: Frame, items: Vec<AnyView>) -> impl IntoView {
    let t = text();
    let Frame { here, tab, search, number, found, total } = frame;
    let plain = format!("{here}?tab={tab}");
    let turn = |n: u32| format!("{plain}&q={}&page={n}", encode(&search));
    let previous = (number > 1).then(|| turn(number - 1));
    let next = (found > number.saturating_mul(SHOWN)).then(|| turn(number + 1));
    let clear = (!search.is_empty()).then(|| plain.clone());
    let body = if items.is_empty() {
        view! { <p class="py-8 text-center text-ink-muted">{t.nothing_found}</p> }.into_any()
    } else {
        view! { <ul class="border border-line rounded-[10px] bg-surface-raised">{items}</ul> }.into_any()
    };
    view! {
        <FilterBar action=here clear=clear>
            <input type="hidden" name="tab" value=tab />
            <FilterText name="q" label=t.search value=search />
        </FilterBar>
        <p class="mb-2 text-ink-muted text-xs">{format!("{} / {}", group(found.into()), group(total.into()))}</p>
        {body}
        <div class="mt-3 flex gap-2">
            {previous.map(|href| view! { <LinkButton href=href>{t.previous}</LinkButton> })}
            {next.map(|href| view! { <LinkButton href=href>{t.next}</LinkButton> })}
        </div>
    }
}

const ITEM_CLASS: &str = "flex items-start gap-3 px-3 py-2 border-b border-line last:border-b-0 min-w-0";

#[component]
fn ResourceItem(item: OfferedResource, here: String) -> impl IntoView {
    let words = Offers::current();
    let kind = if item.is_template { "template" } else { "resource" };
    let href = format!("{here}/try?{kind}={}", encode(&item.uri));
    let title = item.title.filter(|title| *title != item.name);
    let named = item.name != item.uri;
    view! {
        <li class=ITEM_CLASS>
            <div class="grow min-w-0">
                <p class="break-words">
                    {named.then(|| view! { <span class="font-medium">{item.name}</span> })}
                    {title.map(|title| view! { <span class="ml-2 text-ink-muted">{title}</span> })}
                    <span class="ml-2 inline-flex gap-1 flex-wrap align-middle">
                        {item.is_template.then(|| view! { <Badge label=words.template /> })}
                        {item.mime_type.map(|kind| view! { <Badge label=kind /> })}
                        {item.size.map(|size| view! { <Badge label=words.size(size) /> })}
                    </span>
                </p>
                <code class="block break-all text-xs">{item.uri}</code>
                <p class="text-ink-muted text-xs whitespace-pre-wrap break-words empty:hidden">{item.description}</p>
            </div>
            <LinkButton href=href>{words.read}</LinkButton>
        </li>
    }
}

#[component]
fn PromptItem(item: OfferedPrompt, here: String) -> impl IntoView {
    let words = Offers::current();
    let href = format!("{here}/try?prompt={}", encode(&item.name));
    let title = item.title.filter(|title| *title != item.name);
    let arguments = item
        .arguments
        .into_iter()
        .map(|argument| {
            let optional = (!argument.required).then(|| format!(" ({})", words.optional));
            let said = (!argument.description.is_empty()).then(|| format!(": {}", argument.description));
            view! { <li><code>{argument.name}</code>{optional}{said}</li> }
        })
        .collect::<Vec<_>>();
    let none =
        arguments.is_empty().then(|| view! { <p class="text-ink-faint text-xs">{words.no_arguments}</p> });
    view! {
        <li class=ITEM_CLASS>
            <div class="grow min-w-0">
                <p class="break-words">
                    <code class="font-medium">{item.name}</code>
                    {title.map(|title| view! { <span class="ml-2 text-ink-muted">{title}</span> })}
                </p>
                <p class="text-ink-muted text-xs whitespace-pre-wrap break-words empty:hidden">{item.description}</p>
                <ul class="text-ink-muted text-xs empty:hidden">{arguments}</ul>
                {none}
            </div>
            <LinkButton href=href>{Playground::current().try_out}</LinkButton>
        </li>
    }
}
