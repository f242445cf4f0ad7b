//! Which address a client gets: the project's one, or a server's.

use leptos::prelude::*;

use super::{api::address, choose::choose, page::Choice};
use crate::{
    i18n::Connect,
    project::ProjectSource,
    ui::{Callout, Tone},
};

#[component]
pub fn Target(names: Vec<String>, choice: Choice) -> impl IntoView {
    let c = Connect::current();
    let project = ProjectSource::current();
    let known = StoredValue::new(names.clone());
    let missing = move || {
        choice.server.with(|server| !server.is_empty() && known.with_value(|all| !all.contains(server)))
    };
    let to =
        move |server: String| address(&project.name.get_untracked(), choice.client.get_untracked(), &server);
    view! {
        {choose(("server", c.target, c.target_all), names, choice, choice.server, None, to)}
        {move || missing().then(|| view! { <div class="mb-6"><Callout tone=Tone::Warn title=c.server_gone /></div> })}
    }
}
