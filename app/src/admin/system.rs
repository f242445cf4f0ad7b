//! How the installation fares: version, database, data plane, settings.

use domain::platform::{ProcessStatus, SystemStatus};
use leptos::prelude::*;
use leptos_meta::Title;

use super::{api::read_system, frame::administrator, mail::MailCard};
use crate::{
    i18n::{Admin, group},
    ui::{Ago, Boundary, Callout, Card, CodeBlock, Facts, PageHead, Tone, ViewerSource},
};

#[component]
pub fn SystemPage() -> impl IntoView {
    let words = Admin::current();
    let viewer = ViewerSource::current();
    let system = Resource::new(|| (), |()| read_system());
    view! {
        <Boundary load=move || async move {
            administrator(viewer).await?;
            let own = viewer.0.await?.email;
            Ok(shown(system.await?, own, words))
        } />
    }
}

fn shown(system: SystemStatus, own: String, words: &'static Admin) -> AnyView {
    let number = |n: u64| view! { <span class="tabular-nums">{group(n)}</span> }.into_any();
    let plain = |text: String| view! { <span>{text}</span> }.into_any();
    let now = system.now;
    let store = vec![
        (words.database, plain(system.database.kind)),
        (words.size, plain(size(system.database.bytes))),
        (words.revision, number(system.database.revision)),
        (words.browsers, number(system.browsers)),
    ];
    let mut cards = vec![view! { <Card title=words.database_title><Facts facts=store /></Card> }.into_any()];
    cards.push(view! { <MailCard on=system.mail own=own /> }.into_any());
    if let Some(process) = system.process {
        let ProcessStatus { version, role, started_at, plane, configuration } = process;
        let facts = vec![
            (words.version, plain(version)),
            (words.role, plain(role)),
            (words.started, view! { <Ago at=started_at now=now /> }.into_any()),
        ];
        cards.insert(0, view! { <Card title=words.process><Facts facts=facts /></Card> }.into_any());
        let behind = plane.revision < system.database.revision;
        let lost = plane.events_dropped > 0;
        let facts = vec![
            (words.revision, number(plane.revision)),
            (
                words.snapshot_age,
                match plane.replaced_at {
                    Some(at) => view! { <Ago at=at now=now /> }.into_any(),
                    None => plain(words.none_yet.to_owned()),
                },
            ),
            (words.mcp_sessions, number(plane.sessions)),
            (words.connections, number(plane.connections)),
            (words.processes, number(plane.processes)),
            (words.queue, plain(format!("{} / {}", group(plane.events_waiting), group(plane.events_room)))),
            (words.dropped, number(plane.events_dropped)),
        ];
        cards.push(
            view! {
                <Card title=words.plane lead=words.plane_lead>
                    {lost.then(|| view! {
                        <Callout tone=Tone::Warn title=words.lost standing=true><p>{words.lost_next}</p></Callout>
                    })}
                    {behind.then(|| view! { <Callout tone=Tone::Info title=words.behind standing=true /> })}
                    <Facts facts=facts />
                </Card>
            }
            .into_any(),
        );
        cards.push(
            view! {
                <Card title=words.configuration lead=words.configuration_lead>
                    <CodeBlock code=configuration label=words.configuration />
                </Card>
            }
            .into_any(),
        );
    }
    view! {
        <Title text=words.system />
        <PageHead title=words.system lead=words.system_lead />
        {cards}
    }
    .into_any()
}

/// Bytes in the unit people think in.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    let mut tenths = bytes.saturating_mul(10) / 1_024;
    let mut unit = 0;
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        tenths /= 1_024;
        unit += 1;
    }
    format!("{}.{} {}", group(tenths / 10), tenths % 10, UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_in_the_unit_that_fits() {
        assert_eq!([size(512), size(3 << 20), size(5 << 30)], ["0.5 KiB", "3.0 MiB", "5.0 GiB"]);
        assert_eq!(size(u64::MAX), "1,677,721.5 TiB", "what cannot be is shown all the same");
    }
}
