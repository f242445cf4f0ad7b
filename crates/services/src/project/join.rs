//! Ways from the rows of a project to the names by which it is addressed, for queries over many projects.

use domain::server::ListKind;
use sea_orm::{
    EntityTrait, RelationDef,
    sea_query::{Expr, ExprTrait, IntoCondition},
};

use crate::entity::{
    api_key, audit_event, organization, organization_member, project, project_member, server, server_item,
    server_list, server_state, tool, tool_rule, usage_hour,
};

/// From a project to its organization.
pub(crate) fn owner() -> RelationDef {
    project::Entity::belongs_to(organization::Entity)
        .from(project::Column::OrganizationId)
        .to(organization::Column::Id)
        .into()
}

pub(crate) fn of_server() -> RelationDef {
    server::Entity::belongs_to(project::Entity).from(server::Column::ProjectId).to(project::Column::Id).into()
}

pub(crate) fn of_key() -> RelationDef {
    api_key::Entity::belongs_to(project::Entity)
        .from(api_key::Column::ProjectId)
        .to(project::Column::Id)
        .into()
}

/// From a membership to its organization.
pub(crate) fn organization_of_member() -> RelationDef {
    organization_member::Entity::belongs_to(organization::Entity)
        .from(organization_member::Column::OrganizationId)
        .to(organization::Column::Id)
        .into()
}

/// From a membership to its project.
pub(crate) fn of_member() -> RelationDef {
    project_member::Entity::belongs_to(project::Entity)
        .from(project_member::Column::ProjectId)
        .to(project::Column::Id)
        .into()
}

/// From counted calls to their project.
pub(crate) fn of_usage() -> RelationDef {
    usage_hour::Entity::belongs_to(project::Entity)
        .from(usage_hour::Column::ProjectId)
        .to(project::Column::Id)
        .into()
}

/// From a change to the organization it was made in, if that is still there.
pub(crate) fn organization_of_event() -> RelationDef {
    audit_event::Entity::belongs_to(organization::Entity)
        .from(audit_event::Column::OrganizationId)
        .to(organization::Column::Id)
        .into()
}

/// From a change to the project it was made in, if that is still there.
pub(crate) fn of_event() -> RelationDef {
    audit_event::Entity::belongs_to(project::Entity)
        .from(audit_event::Column::ProjectId)
        .to(project::Column::Id)
        .into()
}

/// From a list to its server.
pub(crate) fn of_list() -> RelationDef {
    server_list::Entity::belongs_to(server::Entity)
        .from(server_list::Column::ServerId)
        .to(server::Column::Id)
        .into()
}

/// From a tool to its server.
pub(crate) fn of_tool() -> RelationDef {
    tool::Entity::belongs_to(server::Entity).from(tool::Column::ServerId).to(server::Column::Id).into()
}

/// From an item of a list to its server.
pub(crate) fn of_item() -> RelationDef {
    server_item::Entity::belongs_to(server::Entity)
        .from(server_item::Column::ServerId)
        .to(server::Column::Id)
        .into()
}

/// From a tool among the items to the rule for it.
pub(crate) fn rule_of_item() -> RelationDef {
    server_item::Entity::belongs_to(tool_rule::Entity)
        .from((server_item::Column::ServerId, server_item::Column::Name))
        .to((tool_rule::Column::ServerId, tool_rule::Column::Tool))
        .into()
}

/// From a rule to the server of its tool.
pub(crate) fn of_rule() -> RelationDef {
    tool_rule::Entity::belongs_to(server::Entity)
        .from(tool_rule::Column::ServerId)
        .to(server::Column::Id)
        .into()
}

/// From a rule to the tool that it is for, among the items.
pub(crate) fn item_of_rule() -> RelationDef {
    tool_rule::Entity::belongs_to(server_item::Entity)
        .from((tool_rule::Column::ServerId, tool_rule::Column::Tool))
        .to((server_item::Column::ServerId, server_item::Column::Name))
        .on_condition(|_, item| {
            Expr::col((item, server_item::Column::Kind)).eq(ListKind::Tools.name()).into_condition()
        })
        .into()
}

/// From a server to what was seen of it, unless it was changed since.
pub(crate) fn current_state() -> RelationDef {
    server::Entity::belongs_to(server_state::Entity)
        .from(server::Column::Id)
        .to(server_state::Column::ServerId)
        .on_condition(|server, state| {
            Expr::col((state, server_state::Column::Generation))
                .gte(Expr::col((server, server::Column::Generation)))
                .into_condition()
        })
        .into()
}
