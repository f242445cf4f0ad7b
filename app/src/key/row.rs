//! One key in the list.

use domain::{
    Timestamp,
    key::{ApiKey, KeyScope},
};
use leptos::prelude::*;

use super::api::RevokeKey;
use crate::{
    i18n::{Keys, text},
    ui::{Ago, Badge, CELL_CLASS, DANGER_CLASS, Danger, Failure, Icon, LINK_CLASS, ROW_CLASS, Shape, Submit},
};

pub(super) fn row(
    key: ApiKey,
    project: &str,
    now: Timestamp,
    may: bool,
    revoke: ServerAction<RevokeKey>,
    failure: Failure,
) -> AnyView {
    let (t, k) = (text(), Keys::current());
    let project = project.to_owned();
    let name = match may {
        true => {
            let href = format!("/projects/{project}/keys/{}", key.id);
            view! { <a class="font-medium text-accent no-underline hover:underline" href=href>{key.name.clone()}</a> }
                .into_any()
        }
        false => view! { <span class="font-medium">{key.name.clone()}</span> }.into_any(),
    };
    let by =
        key.created_by.clone().map(|name| view! { <p class="text-xs text-ink-muted break-words">{name}</p> });
    let read_only = (key.scope == KeyScope::Read).then(|| view! { <p><Badge label=k.read /></p> });
    let dull = key.is_expired(now);
    let shade = if dull { "text-ink-muted" } else { "" };
    view! {
        <tr class=ROW_CLASS>
            <td class=CELL_CLASS>
                {name}
                <p class="text-xs text-ink-muted"><code>{format!("{}…", key.prefix)}</code></p>
            </td>
            <td class=CELL_CLASS data-label=k.allows>
                <span class=shade>{k.rules(&key)}</span>
                {read_only}
            </td>
            <td class=CELL_CLASS data-label=t.created>
                <span class=shade><Ago at=key.created_at now=now /></span>
                {by}
            </td>
            <td class=CELL_CLASS data-label=t.last_used>{used(&key, now)}</td>
            <td class=CELL_CLASS data-label=t.expires>{ends(&key, now)}</td>
            <td class=CELL_CLASS>
                {may.then(|| {
                    view! {
                        <Danger label=t.revoke>
                            <RevokeForm key=key project=project now=now action=revoke failure=failure />
                        </Danger>
                    }
                })}
            </td>
        </tr>
    }
    .into_any()
}

/// When it was used last, by what and from where.
fn used(key: &ApiKey, now: Timestamp) -> AnyView {
    let Some(at) = key.last_used_at else {
        return view! { <span class="text-ink-muted">{text().never}</span> }.into_any();
    };
    let client = key
        .last_client
        .clone()
        .map(|client| view! { <p class="text-xs text-ink-muted break-words">{client}</p> });
    let address = key
        .last_address
        .clone()
        .map(|address| view! { <p class="text-xs text-ink-muted break-all"><code>{address}</code></p> });
    view! { <Ago at=at now=now /> {client} {address} }.into_any()
}

/// When it ends; what ends soon stands out.
pub(super) fn ends(key: &ApiKey, now: Timestamp) -> AnyView {
    let (t, k) = (text(), Keys::current());
    match key.expires_at {
        None => view! { <span class="text-ink-muted">{t.never}</span> }.into_any(),
        Some(at) if at <= now => view! {
            <Badge label=t.expired />
            <p class="text-xs text-ink-muted"><Ago at=at now=now /></p>
        }
        .into_any(),
        Some(at) if key.ends_soon(now) => view! {
            <span class="inline-flex items-center gap-1 align-middle text-warn whitespace-nowrap">
                <Icon shape=Shape::Warning />
                {k.ends_soon}
            </span>
            <p class="text-xs text-warn"><Ago at=at now=now /></p>
        }
        .into_any(),
        Some(at) => view! { <Ago at=at now=now /> }.into_any(),
    }
}

/// The last step of revoking, which says what it cuts off.
#[component]
pub fn RevokeForm(
    key: ApiKey,
    project: String,
    now: Timestamp,
    action: ServerAction<RevokeKey>,
    failure: Failure,
) -> impl IntoView {
    let (t, k) = (text(), Keys::current());
    let ago = key.last_used_at.map(|at| t.relative((now - at).num_seconds())).unwrap_or_default();
    let cut = k.cut(&key, &ago);
    let log = format!("/projects/{project}/logs?key={}", crate::ui::encode(&key.name));
    view! {
        <p>{t.with(t.revoke_lead, &key.name)} " " {cut} " " <a class=LINK_CLASS href=log>{t.logs}</a></p>
        <ActionForm action=action>
            <input type="hidden" name="project" value=project />
            <input type="hidden" name="id" value=key.id.to_string() />
            <Submit label=t.with(t.revoke_named, &key.name) pending=failure.pending class=DANGER_CLASS />
        </ActionForm>
    }
}
