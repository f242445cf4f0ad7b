//! The trail of an organization and its projects.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{api::organization_activity, frame::OrganizationSource};
use crate::{
    activity::{TrailFilter, TrailList, asked},
    i18n::{Organizations, text},
    ui::{Boundary, PageHead},
};

#[component]
pub fn ActivityPage() -> impl IntoView {
    let (t, words) = (text(), Organizations::current());
    let source = OrganizationSource::current();
    let query = use_query_map();
    let filter = Memo::new(move |_| asked(&query.read()));
    let events = Resource::new(
        move || (source.name.get(), filter.get()),
        |(organization, filter)| organization_activity(organization, filter),
    );
    view! {
        <PageHead title=t.activity lead=words.activity_lead />
        {move || view! { <TrailFilter list=source.href("activity") filter=filter.get() /> }}
        <Boundary load=move || {
            let (list, filter) = (source.href("activity"), filter.get());
            async move {
                let organization = source.page.await?;
                let (page, now) = events.await?;
                Ok(view! {
                    <Title text=format!("{} · {}", organization.name, t.activity) />
                    <TrailList page=page now=now list=list filter=filter />
                }
                .into_any())
            }
        } />
    }
}
