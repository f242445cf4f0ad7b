//! A page of tools, of one server or of several, with its filter and the way to the pages beside it.

use domain::tool::ToolsPage;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    tool::ToolItem,
    tool_api::{Asked, mark},
};
use crate::{
    i18n::{Tools, group, text},
    ui::{FilterBar, FilterChoice, FilterText, LinkButton, encode},
};

/// What the address asks for.
#[must_use]
pub fn asked() -> Memo<Asked> {
    let query = use_query_map();
    Memo::new(move |_| {
        let query = query.read();
        let said = |name: &str| query.get(name).unwrap_or_default();
        Asked {
            search: said("q"),
            show: said("show"),
            page: said("page").parse().unwrap_or(1_u32).max(1),
            open: said("open"),
            edit: said("edit"),
        }
    })
}

/// The servers of a list of several, and the one that it is narrowed to.
pub struct Choice {
    pub server: String,
    pub servers: Vec<String>,
}

/// `here` is the list's address; `pending` is for those who may change tools.
#[component]
pub fn ToolList(
    page: ToolsPage,
    asked: Asked,
    project: String,
    here: String,
    pending: Option<Signal<bool>>,
    choice: Option<Choice>,
) -> impl IntoView {
    let (t, words) = (text(), Tools::current());
    let Asked { search, show, page: number, open, edit } = asked;
    let chosen = choice.as_ref().map(|choice| choice.server.clone()).unwrap_or_default();
    let turn = |page: u32| {
        let page = if page > 1 { page.to_string() } else { String::new() };
        let said = [("q", &search), ("server", &chosen), ("show", &show), ("page", &page)];
        let said = said.into_iter().filter(|(_, value)| !value.is_empty());
        said.fold(format!("{here}?"), |list, (name, value)| format!("{list}{name}={}&", encode(value)))
    };
    let is_narrowed = [&search, &chosen, &show].iter().any(|said| !said.is_empty());
    let clear = is_narrowed.then(|| here.clone());
    let beside = |page: u32| turn(page).trim_end_matches(['&', '?']).to_owned();
    let previous = (number > 1).then(|| beside(number - 1));
    let next = page.next.map(beside);
    let tokens = words.tokens(page.tokens);
    let count = format!("{} / {} · {tokens}", group(page.found), group(page.total));
    let of_many = choice.is_some();
    let list = turn(number);
    let items = page
        .items
        .into_iter()
        .map(|item| {
            let mark = mark(&item, !of_many);
            let (open, edited) = (mark == open, pending.is_some() && mark == edit);
            let (project, list) = (project.clone(), list.clone());
            view! {
                <ToolItem
                    item=item
                    project=project
                    list=list
                    mark=mark
                    open=open
                    edited=edited
                    pending=pending
                    of_many=of_many
                />
            }
        })
        .collect_view();
    let shows = vec![
        ("shown".to_owned(), t.tools_shown.to_owned()),
        ("hidden".to_owned(), t.tools_hidden.to_owned()),
    ];
    let body = if page.found > 0 {
        view! { <ul class="border border-line rounded-[10px] bg-surface-raised">{items}</ul> }.into_any()
    } else {
        view! { <p class="py-8 text-center text-ink-muted">{t.nothing_found}</p> }.into_any()
    };
    view! {
        <FilterBar action=here clear=clear>
            <FilterText name="q" label=t.search value=search />
            {choice
                .map(|choice| {
                    let servers = choice.servers.into_iter().map(|name| (name.clone(), name)).collect();
                    view! { <FilterChoice name="server" label=t.server value=choice.server options=servers /> }
                })}
            <FilterChoice name="show" label=t.tools_offered value=show options=shows />
        </FilterBar>
        <p class="mb-2 text-ink-muted text-xs" title=words.tokens_hint>{count}</p>
        {body}
        <div class="mt-3 flex gap-2">
            {previous.map(|href| view! { <LinkButton href=href>{t.previous}</LinkButton> })}
            {next.map(|href| view! { <LinkButton href=href>{t.next}</LinkButton> })}
        </div>
    }
}
