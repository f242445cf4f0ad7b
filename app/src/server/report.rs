//! What came of a connection test.

use domain::server::{ServerInfo, TestReport, Transport};
use leptos::prelude::*;

use super::{
    api::Tested,
    trouble::{Place, Trouble},
};
use crate::{
    i18n::{group, text},
    ui::{Badge, Callout, Facts, Tone},
};

#[component]
pub fn Report(tested: Tested, place: Place) -> impl IntoView {
    let t = text();
    match tested.report {
        TestReport::Success(success) => {
            let names: Vec<_> = success.tools.iter().map(|tool| tool.name().to_owned()).collect();
            let more = tested.tool_count as usize > names.len();
            view! {
                <Callout tone=Tone::Ok title=format!("{} ({} ms)", t.test_ok, group(success.duration_ms))>
                    <InfoFacts info=success.info tool_count=tested.tool_count />
                    <p class="mt-2 flex gap-1 flex-wrap">
                        {names.into_iter().map(|name| view! { <Badge label=name /> }).collect_view()}
                        {more.then_some("…")}
                    </p>
                </Callout>
            }
            .into_any()
        }
        TestReport::Failure(failure) => view! {
            <Trouble
                code=failure.code
                detail=failure.detail
                stderr=failure.stderr
                transport=tested.transport
                place=place
            />
        }
        .into_any(),
    }
}

/// What a server told of itself when it was initialized.
#[component]
pub fn InfoFacts(
    info: ServerInfo,
    tool_count: u32,
    #[prop(optional)] transport: Option<Transport>,
) -> impl IntoView {
    let t = text();
    let transport = info.transport.or(transport);
    let era = if info.is_modern() { t.era_modern } else { t.era_legacy };
    let capabilities =
        info.capabilities.iter().map(|name| view! { <Badge label=name.clone() /> }).collect_view();
    let facts = vec![
        (t.name, view! { <span class="font-mono">{info.name}</span> }.into_any()),
        (t.version, view! { <span class="font-mono">{info.version}</span> }.into_any()),
        (
            t.protocol,
            view! {
                <span class="inline-flex items-center gap-2 flex-wrap">
                    <span class="font-mono">{info.protocol}</span>
                    <Badge label=era />
                    {transport.map(|transport| view! { <Badge label=t.transport(transport) /> })}
                </span>
            }
            .into_any(),
        ),
        (t.capabilities, view! { <span class="flex gap-1 flex-wrap">{capabilities}</span> }.into_any()),
        (t.tools, view! { <span>{group(tool_count.into())}</span> }.into_any()),
    ];
    view! { <Facts facts=facts /> }
}
