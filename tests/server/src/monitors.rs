//! Monitors of scheduled jobs. Their check-ins are in `check_ins`.

use rusqlite::{Row, params};
use sentry_api::models::{self, MonitorSchedule};
use sentry_api::server::operations::monitors::*;
use sentry_api::types::Change;

use crate::app::{App, Context, Session};
use crate::columns::{json, time, to_json};
use crate::error::Error;
use crate::search::{environments, in_environments};
use crate::slug::check_name;
use crate::{check_ins, members, slug};

const SELECT: &str = "SELECT m.*,
     json_object('id', CAST(p.id AS TEXT), 'slug', p.slug, 'name', p.name,
         'platform', p.platform) AS project,
     (SELECT max(c.date_created) FROM check_ins c WHERE c.monitor_id = m.id) AS last_check_in,
     (SELECT json_group_array(json_object('name', environment, 'lastCheckIn', last, 'dateCreated', first,
          'isMuted', json('false'), 'status', CASE status WHEN 'in_progress' THEN 'active' ELSE status END))
      FROM (SELECT c.environment, c.status, max(c.date_created) AS last, min(c.date_created) AS first
            FROM check_ins c WHERE c.monitor_id = m.id GROUP BY c.environment)) AS environments
     FROM monitors m JOIN projects p ON p.id = m.project_id";

/// The units of a schedule.
const UNITS: [&str; 6] = ["minute", "hour", "day", "week", "month", "year"];

impl Monitors for App {
    async fn list_organization_monitors(
        &self,
        context: &Context,
        request: ListOrganizationMonitorsRequest,
    ) -> Result<ListOrganizationMonitorsResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page)?;
        let monitors = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let projects = session.projects(organization, request.project)?;
            let in_environments = in_environments("c", 2);
            let sql = format!(
                "{SELECT} WHERE p.id IN (SELECT value FROM json_each(?1))
                 AND (?2 = '[]' OR EXISTS (SELECT 1 FROM check_ins c
                     WHERE c.monitor_id = m.id AND {in_environments}))
                 AND (?3 IS NULL OR m.owner ->> 'type' || ':' || (m.owner ->> 'id') = ?3)
                 ORDER BY m.name, m.id"
            );
            let named = request.environment.as_deref();
            let parameters = (projects, environments(named)?, request.owner);
            let monitors = page.select(session, &sql, parameters, read)?;
            monitors.try_map(|monitor| Ok(with_environments(monitor, named)))
        });
        let monitors = monitors.await?;
        Ok(monitors.into_response(ListOrganizationMonitorsResponse::Ok))
    }

    async fn create_organization_monitor(
        &self,
        context: &Context,
        request: CreateOrganizationMonitorRequest,
    ) -> Result<CreateOrganizationMonitorResponse, Error> {
        let monitor = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            save(session, organization, None, request.body)
        });
        Ok(CreateOrganizationMonitorResponse::Created(monitor.await?))
    }

    async fn retrieve_organization_monitor(
        &self,
        context: &Context,
        request: RetrieveOrganizationMonitorRequest,
    ) -> Result<RetrieveOrganizationMonitorResponse, Error> {
        let monitor = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let id = session.monitor(organization, &request.monitor_id_or_slug)?;
            let monitor = find(session, &id)?;
            Ok(with_environments(monitor, request.environment.as_deref()))
        });
        Ok(RetrieveOrganizationMonitorResponse::Ok(monitor.await?))
    }

    async fn update_organization_monitor(
        &self,
        context: &Context,
        request: UpdateOrganizationMonitorRequest,
    ) -> Result<UpdateOrganizationMonitorResponse, Error> {
        let monitor = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let id = session.monitor(organization, &request.monitor_id_or_slug)?;
            save(session, organization, Some(&id), request.body)
        });
        Ok(UpdateOrganizationMonitorResponse::Ok(monitor.await?))
    }

    async fn delete_organization_monitor(
        &self,
        context: &Context,
        request: DeleteOrganizationMonitorRequest,
    ) -> Result<DeleteOrganizationMonitorResponse, Error> {
        let deleted = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let id = session.monitor(organization, &request.monitor_id_or_slug)?;
            match request.environment.filter(|names| !names.is_empty()) {
                Some(environments) => check_ins::forget(session, &id, &environments),
                None => session.change("DELETE FROM monitors WHERE id = ?1", [id]),
            }
        });
        deleted.await?;
        Ok(DeleteOrganizationMonitorResponse::Accepted)
    }

    async fn list_organization_monitor_check_ins(
        &self,
        context: &Context,
        request: ListOrganizationMonitorCheckInsRequest,
    ) -> Result<ListOrganizationMonitorCheckInsResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page)?;
        let check_ins = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let id = session.monitor(organization, &request.monitor_id_or_slug)?;
            check_ins::page(session, &page, &id)
        });
        let check_ins = check_ins.await?;
        Ok(check_ins.into_response(ListOrganizationMonitorCheckInsResponse::Ok))
    }

    async fn create_organization_monitor_check_in(
        &self,
        context: &Context,
        request: CreateOrganizationMonitorCheckInRequest,
    ) -> Result<CreateOrganizationMonitorCheckInResponse, Error> {
        let check_in = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let id = session.monitor(organization, &request.monitor_id_or_slug)?;
            check_ins::create(session, &id, &request.body)
        });
        Ok(CreateOrganizationMonitorCheckInResponse::Created(
            check_in.await?,
        ))
    }

    async fn update_organization_monitor_check_in(
        &self,
        context: &Context,
        request: UpdateOrganizationMonitorCheckInRequest,
    ) -> Result<UpdateOrganizationMonitorCheckInResponse, Error> {
        let check_in = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let id = session.monitor(organization, &request.monitor_id_or_slug)?;
            let body = request.body.unwrap_or_default();
            check_ins::update(session, &id, &request.checkin_id, &body)
        });
        Ok(match check_in.await? {
            Some(check_in) => UpdateOrganizationMonitorCheckInResponse::Ok(check_in),
            None => UpdateOrganizationMonitorCheckInResponse::AlreadyReported,
        })
    }
}

impl Session<'_> {
    /// A monitor of an organization.
    pub(crate) fn monitor(&self, organization: i64, id_or_slug: &str) -> Result<String, Error> {
        self.one(
            "SELECT m.id FROM monitors m JOIN projects p ON p.id = m.project_id
             WHERE p.organization_id = ?1 AND (m.slug = ?2 OR m.id = replace(?2, '-', ''))",
            (organization, id_or_slug),
            |row| row.get(0),
        )
    }
}

/// The monitor with only those of its environments that are named, if any are.
fn with_environments(mut monitor: models::Monitor, named: Option<&[String]>) -> models::Monitor {
    if let (Some(environments), Some(named @ [_, ..])) = (&mut monitor.environments, named) {
        environments.retain(|environment| {
            let name = environment.name.as_ref();
            name.is_some_and(|name| named.contains(name))
        });
    }
    monitor
}

fn find(session: &Session, id: &str) -> Result<models::Monitor, Error> {
    session.one(&format!("{SELECT} WHERE m.id = ?1"), [id], read)
}

/// Creates a monitor, or changes the one with the id.
pub(crate) fn save(
    session: &Session,
    organization: i64,
    id: Option<&str>,
    body: models::MonitorInput,
) -> Result<models::Monitor, Error> {
    check_name("name", &body.name, 128)?;
    let project = session.project_of(organization, &body.project);
    let project = project.map_err(|_| Error::invalid("project", "Invalid project"))?;
    let slug = match (&body.slug, id) {
        (None, Some(_)) => None,
        (slug, _) => Some(slug::choose(slug.as_deref(), &body.name)?),
    };
    check_is_free(session, organization, slug.as_deref(), id)?;
    // Muted is what the status of a monitor was before it had a property of its own.
    let is_muted = body.is_muted.or(match body.status {
        Some(models::MonitorStatus::Muted) => Some(true),
        _ => None,
    });
    let id = session.one(
        "INSERT INTO monitors (id, project_id, slug, name, status, is_muted, owner, config, alert_rule)
         VALUES (coalesce(?1, lower(hex(randomblob(16)))), ?2, coalesce(?3, ''), ?4,
             coalesce(?5, 'active'), coalesce(?6, FALSE), ?7, ?8, ?9)
         ON CONFLICT (id) DO UPDATE SET project_id = ?2, slug = coalesce(?3, slug), name = ?4,
             status = coalesce(?5, status), is_muted = coalesce(?6, is_muted),
             owner = iif(?10, owner, ?7), config = ?8, alert_rule = coalesce(?9, alert_rule)
         RETURNING id",
        params![
            id,
            project,
            slug,
            body.name,
            status(body.status.as_ref())?,
            is_muted,
            owner(session, organization, &body.owner)?,
            config(body.config)?,
            body.alert_rule.as_ref().map(to_json).transpose()?,
            body.owner.is_keep(),
        ],
        |row| row.get::<_, String>(0),
    )?;
    find(session, &id)
}

/// Fails if another monitor of the organization has the slug.
fn check_is_free(
    session: &Session,
    organization: i64,
    slug: Option<&str>,
    id: Option<&str>,
) -> Result<(), Error> {
    let taken = "SELECT count(*) FROM monitors m JOIN projects p ON p.id = m.project_id
         WHERE p.organization_id = ?1 AND m.slug = ?2 AND m.id IS NOT ?3";
    if session.one(taken, (organization, slug, id), |row| row.get(0))? {
        let reason = format!("The slug {:?} is already in use.", slug.unwrap_or_default());
        return Err(Error::invalid("slug", reason));
    }
    Ok(())
}

/// The owner as the API sends it: `{"type": "user", ...}`.
fn owner(
    session: &Session,
    organization: i64,
    owner: &Change<String>,
) -> Result<Option<String>, Error> {
    let Change::Set(owner) = owner else {
        return Ok(None);
    };
    let id = owner.strip_prefix("user:").unwrap_or(owner);
    let actor = session.one(members::ACTOR, (organization, id), |row| row.get(0));
    let actor = actor.map_err(|_| Error::invalid("owner", "Unknown actor input"))?;
    Ok(Some(actor))
}

fn status(status: Option<&models::MonitorStatus>) -> Result<Option<&'static str>, Error> {
    match status {
        Some(models::MonitorStatus::Disabled) => Ok(Some("disabled")),
        Some(models::MonitorStatus::Active | models::MonitorStatus::Muted) => Ok(Some("active")),
        Some(_) => Err(Error::invalid("status", "Invalid monitor status")),
        None => Ok(None),
    }
}

/// The configuration as the API sends it.
fn config(input: models::MonitorConfigInput) -> Result<String, Error> {
    use models::MonitorScheduleType::{Crontab, Interval};
    let schedule_type = match &input.schedule {
        MonitorSchedule::Crontab(text) if is_crontab(text) => Crontab,
        MonitorSchedule::Interval((number, unit))
            if *number > 0 && UNITS.contains(&unit.as_str()) =>
        {
            Interval
        }
        _ => return Err(Error::invalid("config", "Invalid schedule.")),
    };
    if input
        .schedule_type
        .is_some_and(|given| given != schedule_type)
    {
        return Err(Error::invalid(
            "config",
            "The schedule does not have this type.",
        ));
    }
    let numbers = [
        &input.checkin_margin,
        &input.max_runtime,
        &input.failure_issue_threshold,
        &input.recovery_threshold,
    ];
    if numbers
        .iter()
        .any(|number| number.value().is_some_and(|number| *number < 0))
    {
        return Err(Error::invalid(
            "config",
            "Ensure this value is not negative.",
        ));
    }
    to_json(&models::MonitorConfig {
        schedule: Some(input.schedule),
        schedule_type: Some(schedule_type),
        checkin_margin: input.checkin_margin.value().copied(),
        max_runtime: input.max_runtime.value().copied(),
        failure_issue_threshold: input.failure_issue_threshold.value().copied(),
        recovery_threshold: input.recovery_threshold.value().copied(),
        timezone: input.timezone.or(Some("UTC".to_owned())),
        alert_rule_id: None,
    })
}

/// Five fields, or a name such as `@daily`.
fn is_crontab(text: &str) -> bool {
    const NAMES: [&str; 6] = [
        "@yearly",
        "@annually",
        "@monthly",
        "@weekly",
        "@daily",
        "@hourly",
    ];
    const MONTHS: &str = "jan feb mar apr may jun jul aug sep oct nov dec";
    const DAYS: &str = "sun mon tue wed thu fri sat";
    // The least and the largest number of a field, and the names of them.
    const FIELDS: [(u8, u8, &str); 5] = [
        (0, 59, ""),
        (0, 23, ""),
        (1, 31, ""),
        (1, 12, MONTHS),
        (0, 7, DAYS),
    ];
    let fields: Vec<&str> = text.split_whitespace().collect();
    let mut pairs = fields.iter().zip(FIELDS);
    NAMES.contains(&text)
        || fields.len() == FIELDS.len() && pairs.all(|(field, known)| is_cron_field(field, known))
}

/// Numbers, names and ranges, such as `1,10-20/5`. Of the days, `L` is the last one, and `5#2` the second Friday.
fn is_cron_field(field: &str, (least, most, names): (u8, u8, &str)) -> bool {
    let is_value = |text: &str| {
        let text = text.split('#').next().unwrap_or_default();
        let mut names = names.split(' ').filter(|name| !name.is_empty());
        text.parse()
            .is_ok_and(|number| (least..=most).contains(&number))
            || names.any(|name| name.eq_ignore_ascii_case(text))
    };
    field.split(',').all(|item| {
        let (range, step) = item.split_once('/').unwrap_or((item, "1"));
        let is_range = match range.split_once('-') {
            Some((first, last)) => is_value(first) && is_value(last),
            None => ["*", "?", "L"].contains(&range) || is_value(range),
        };
        is_range && step.parse().is_ok_and(|step: u8| step > 0)
    })
}

fn read(row: &Row) -> rusqlite::Result<models::Monitor> {
    Ok(models::Monitor {
        id: row.get("id")?,
        slug: row.get("slug")?,
        name: row.get("name")?,
        r#type: Some("cron_job".to_owned()),
        status: row.get("status")?,
        is_muted: row.get("is_muted")?,
        is_upserting: Some(false),
        config: json(row, "config")?,
        owner: json(row, "owner")?,
        project: json(row, "project")?,
        environments: json(row, "environments")?,
        alert_rule: json(row, "alert_rule")?,
        last_check_in: time(row, "last_check_in")?,
        date_created: time(row, "date_created")?,
        ..models::Monitor::default()
    })
}
