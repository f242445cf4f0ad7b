//! How the tools of a server are offered.

use std::collections::{BTreeMap, HashMap};

use domain::{
    Action, Code, Error, Result, ServerId, Timestamp,
    error::Checks,
    project::Project,
    server::ListKind,
    tool::{OfferedTool, Tool, ToolRule},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction,
    EntityTrait, JoinType, QueryFilter, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::{Servers, find, history, item};
use crate::{
    Caller,
    audit::Place,
    database::failed,
    entity::{server, tool_rule},
    project::join,
};

impl Servers<'_> {
    /// One tool by the server's own name for it, or a rule that waits for it.
    pub async fn tool(
        &self,
        caller: &Caller,
        project: &str,
        server: &str,
        tool: &str,
    ) -> Result<OfferedTool> {
        let project = self.0.projects().authorize(caller, project, Action::ViewServers).await?;
        let reader = &self.0.inner.database.reader;
        let server = find(reader, project.id, server).await?;
        let items = item::named(reader, server.id, ListKind::Tools, tool).await?;
        let found = items.into_iter().map(Tool).find(|found| found.name() == tool);
        let rule = rule_for(reader, server.id, tool).await?;
        if found.is_none() && rule.is_none() {
            return Err(Error::not_found());
        }
        let mut changed = history::lately(reader, &[server.id], self.0.clock().now()).await?;
        let changed_at = changed.remove(&server.id).and_then(|mut changed| changed.remove(tool));
        Ok(OfferedTool { name: tool.to_owned(), rule: rule.unwrap_or_default(), tool: found, changed_at })
    }

    /// The rules for the tools of all servers of a project.
    pub(crate) async fn rules(
        &self,
        project: &Project,
    ) -> Result<HashMap<ServerId, BTreeMap<String, ToolRule>>> {
        let rows = tool_rule::Entity::find()
            .join(JoinType::InnerJoin, join::of_rule())
            .filter(server::COLUMN.project_id.eq(project.id.0))
            .all(&self.0.inner.database.reader)
            .await
            .map_err(failed("reading tools' rules"))?;
        let mut rules: HashMap<ServerId, BTreeMap<String, ToolRule>> = HashMap::new();
        for row in rows {
            rules.entry(ServerId(row.server_id)).or_default().insert(row.tool.clone(), rule(row));
        }
        Ok(rules)
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
        let before = rule_for(transaction, server.id, tool).await?.unwrap_or_default();
        let rule = change(before.clone()).check(tool)?;
        if before == rule {
            return Ok((rule, false));
        }
        check_offered(transaction, server.id, tool, &rule).await?;
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

async fn rule_for(connection: &impl ConnectionTrait, server: Uuid, tool: &str) -> Result<Option<ToolRule>> {
    let row = tool_rule::Entity::find_by_id((server, item::key(tool)))
        .one(connection)
        .await
        .map_err(failed("reading a tool's rule"))?;
    Ok(row.filter(|row| row.tool == tool).map(rule))
}

pub(crate) fn rule(row: tool_rule::Model) -> ToolRule {
    ToolRule { hidden: row.hidden, alias: row.alias, description: row.description }
}

/// Two tools of a server must not be offered under one name.
async fn check_offered(
    connection: &impl ConnectionTrait,
    server: Uuid,
    tool: &str,
    rule: &ToolRule,
) -> Result<()> {
    use tool_rule::Column;
    let Some(name) = rule.offered(tool) else { return Ok(()) };
    let by_rule = tool_rule::Entity::find()
        .filter(Column::ServerId.eq(server))
        .filter(Column::Tool.ne(tool))
        .filter(Column::Hidden.eq(false))
        .filter(
            Condition::any()
                .add(Column::Alias.eq(name))
                .add(Condition::all().add(Column::Alias.is_null()).add(Column::Tool.eq(name))),
        )
        .one(connection)
        .await
        .map_err(failed("looking for a tool's name"))?;
    let other = match by_rule {
        Some(row) => Some(row.tool),
        // With a rule of its own it was looked at above.
        None if name != tool && rule_for(connection, server, name).await?.is_none() => {
            let items = item::named(connection, server, ListKind::Tools, name).await?;
            items.into_iter().any(|item| Tool(item).name() == name).then(|| name.to_owned())
        }
        None => None,
    };
    let Some(other) = other else { return Ok(()) };
    let mut checks = Checks::default();
    checks.fail("alias", Code::ToolNameTaken, format!("It is `{other}`."));
    checks.finish()
}
