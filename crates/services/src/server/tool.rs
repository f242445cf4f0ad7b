//! The tools of a server, and the rules by which they are offered.

use std::collections::{BTreeMap, HashMap};

use domain::{
    Action, Code, Result, Timestamp,
    error::Checks,
    project::Project,
    server::ListKind,
    tool::{CHANGES_TOLD, OfferedTool, ServerTools, Tool, ToolRule},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder,
};
use serde_json::json;
use uuid::Uuid;

use super::{Servers, find, history, list};
use crate::{
    Caller,
    audit::Place,
    database::failed,
    entity::{server, server_list, tool_rule},
};

impl Servers<'_> {
    /// The tools that the server last listed with their rules, in its order, then the rules that
    /// wait for tools that are not there.
    pub async fn tools(&self, caller: &Caller, project: &str, server: &str) -> Result<Vec<OfferedTool>> {
        let project = self.0.projects().authorize(caller, project, Action::ViewServers).await?;
        let reader = &self.0.inner.database.reader;
        let row = find(reader, project.id, server).await?;
        offered(reader, row.id, self.0.clock().now()).await
    }

    /// The same for all servers of a project, by their names.
    pub async fn tools_of_project(&self, caller: &Caller, project: &str) -> Result<Vec<ServerTools>> {
        let project = self.0.projects().authorize(caller, project, Action::ViewServers).await?;
        let reader = &self.0.inner.database.reader;
        let servers = server::Entity::find()
            .filter(server::COLUMN.project_id.eq(project.id.0))
            .order_by_asc(server::Column::NameKey)
            .all(reader)
            .await
            .map_err(failed("reading servers"))?;
        let ids: Vec<Uuid> = servers.iter().map(|server| server.id).collect();
        let lists = server_list::Entity::find()
            .filter(server_list::COLUMN.server_id.is_in(ids.iter().copied()))
            .filter(server_list::COLUMN.kind.eq(ListKind::Tools.name()))
            .all(reader)
            .await
            .map_err(failed("reading lists"))?;
        let now = self.0.clock().now();
        let lately = |list: &&server_list::Model| list.changed_at.is_some_and(|at| now - at < CHANGES_TOLD);
        let changing: Vec<Uuid> = lists.iter().filter(lately).map(|list| list.server_id).collect();
        let mut changed = match changing.is_empty() {
            true => HashMap::new(),
            false => history::lately(reader, &changing, now).await?,
        };
        let mut lists: HashMap<Uuid, String> =
            lists.into_iter().map(|list| (list.server_id, list.items)).collect();
        let rules = tool_rule::Entity::find()
            .filter(tool_rule::COLUMN.server_id.is_in(ids))
            .order_by_asc(tool_rule::Column::Tool)
            .all(reader)
            .await
            .map_err(failed("reading tools' rules"))?;
        let mut ruled: HashMap<Uuid, Vec<tool_rule::Model>> = HashMap::new();
        for rule in rules {
            ruled.entry(rule.server_id).or_default().push(rule);
        }
        let tools = |server: server::Model| ServerTools {
            tools: merged(
                lists.remove(&server.id),
                ruled.remove(&server.id).unwrap_or_default(),
                &changed.remove(&server.id).unwrap_or_default(),
            ),
            server: server.name,
            enabled: server.enabled,
            alias: server.alias,
        };
        Ok(servers.into_iter().map(tools).collect())
    }

    /// Sets how a tool is offered. It need not be there (yet). Nothing is restarted for it.
    pub async fn set_tool_rule(
        &self,
        caller: &Caller,
        project: &str,
        server: &str,
        tool: &str,
        rule: ToolRule,
    ) -> Result<ToolRule> {
        self.change_rule(caller, project, server, tool, |_| rule).await
    }

    /// Hides a tool or shows it again; its other rules stay.
    pub async fn hide_tool(
        &self,
        caller: &Caller,
        project: &str,
        server: &str,
        tool: &str,
        hidden: bool,
    ) -> Result<ToolRule> {
        self.change_rule(caller, project, server, tool, |rule| ToolRule { hidden, ..rule }).await
    }

    /// Sets a tool's name and description to clients; hidden or not, it stays so.
    pub async fn rename_tool(
        &self,
        caller: &Caller,
        project: &str,
        server: &str,
        tool: &str,
        alias: Option<String>,
        description: Option<String>,
    ) -> Result<ToolRule> {
        let change = |rule: ToolRule| ToolRule { hidden: rule.hidden, alias, description };
        self.change_rule(caller, project, server, tool, change).await
    }

    /// Offers a tool as its server says again.
    pub async fn clear_tool_rule(
        &self,
        caller: &Caller,
        project: &str,
        server: &str,
        tool: &str,
    ) -> Result<()> {
        self.set_tool_rule(caller, project, server, tool, ToolRule::default()).await.map(drop)
    }

    async fn change_rule(
        &self,
        caller: &Caller,
        project: &str,
        server: &str,
        tool: &str,
        change: impl FnOnce(ToolRule) -> ToolRule + Send,
    ) -> Result<ToolRule> {
        let project = self.0.projects().authorize(caller, project, Action::ManageServers).await?;
        let transaction = self.0.inner.database.begin().await?;
        let (rule, changed) = self.rule_in(&transaction, caller, &project, server, tool, change).await?;
        if changed {
            self.commit(transaction).await?;
            self.0.activity().announce(project.id);
        }
        Ok(rule)
    }

    /// The rule as it is then, and whether it is another one.
    pub(crate) async fn rule_in(
        &self,
        transaction: &DatabaseTransaction,
        caller: &Caller,
        project: &Project,
        server: &str,
        tool: &str,
        change: impl FnOnce(ToolRule) -> ToolRule + Send,
    ) -> Result<(ToolRule, bool)> {
        let server = find(transaction, project.id, server).await?;
        let tools = offered(transaction, server.id, self.0.clock().now()).await?;
        let before = tools.iter().find(|other| other.name == tool).map(|other| other.rule.clone());
        let before = before.unwrap_or_default();
        let rule = change(before.clone()).check(tool)?;
        if before == rule {
            return Ok((rule, false));
        }
        check_offered(&tools, tool, &rule)?;
        write(transaction, server.id, tool, &rule, self.0.clock().now()).await?;
        let change = json!({
            "hidden": [before.hidden, rule.hidden],
            "alias": [before.alias, rule.alias],
            "description": [before.description, rule.description],
        });
        let (place, target) = (Place::project(project), format!("{}/{tool}", server.name));
        self.0.audit().record(transaction, caller, place, "tool.update", target, change).await?;
        Ok((rule, true))
    }
}

async fn write(
    connection: &impl ConnectionTrait,
    server: Uuid,
    tool: &str,
    rule: &ToolRule,
    now: Timestamp,
) -> Result<()> {
    tool_rule::Entity::delete_by_id((server, tool.to_owned()))
        .exec(connection)
        .await
        .map_err(failed("deleting a tool's rule"))?;
    if rule.is_empty() {
        return Ok(());
    }
    let row = tool_rule::ActiveModel {
        server_id: Set(server),
        tool: Set(tool.to_owned()),
        hidden: Set(rule.hidden),
        alias: Set(rule.alias.clone()),
        description: Set(rule.description.clone()),
        updated_at: Set(now),
    };
    row.insert(connection).await.map(drop).map_err(failed("writing a tool's rule"))
}

async fn offered(
    connection: &impl ConnectionTrait,
    server: Uuid,
    now: Timestamp,
) -> Result<Vec<OfferedTool>> {
    let listed = list::items(connection, domain::ServerId(server), ListKind::Tools).await?;
    let rows = tool_rule::Entity::find()
        .filter(tool_rule::COLUMN.server_id.eq(server))
        .order_by_asc(tool_rule::Column::Tool)
        .all(connection)
        .await
        .map_err(failed("reading tools' rules"))?;
    let mut changed = history::lately(connection, &[server], now).await?;
    Ok(merged(listed, rows, &changed.remove(&server).unwrap_or_default()))
}

/// What a server listed, a JSON array, with the rules for it.
fn merged(
    listed: Option<String>,
    rows: Vec<tool_rule::Model>,
    changed: &HashMap<String, Timestamp>,
) -> Vec<OfferedTool> {
    let listed: Vec<Tool> = listed.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let mut rules: BTreeMap<String, ToolRule> =
        rows.into_iter().map(|row| (row.tool.clone(), rule(row))).collect();
    let mut tools: Vec<OfferedTool> = listed
        .into_iter()
        .map(|tool| {
            let name = tool.name().to_owned();
            let (rule, changed_at) = (rules.remove(&name).unwrap_or_default(), changed.get(&name).copied());
            OfferedTool { rule, name, tool: Some(tool), changed_at }
        })
        .collect();
    tools.extend(rules.into_iter().map(|(name, rule)| OfferedTool {
        name,
        rule,
        tool: None,
        changed_at: None,
    }));
    tools
}

pub(crate) fn rule(row: tool_rule::Model) -> ToolRule {
    ToolRule { hidden: row.hidden, alias: row.alias, description: row.description }
}

/// Two tools of a server must not be offered under one name.
fn check_offered(tools: &[OfferedTool], tool: &str, rule: &ToolRule) -> Result<()> {
    let Some(name) = rule.offered(tool) else { return Ok(()) };
    let Some(other) = tools.iter().find(|other| other.name != tool && other.offered() == Some(name)) else {
        return Ok(());
    };
    let mut checks = Checks::default();
    checks.fail("alias", Code::ToolNameTaken, format!("It is `{}`.", other.name));
    checks.finish()
}
