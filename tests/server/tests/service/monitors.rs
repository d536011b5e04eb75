//! Monitors and their check-ins.

use sentry_api::models::{self, CheckInStatus, MonitorSchedule};

use crate::process::{ORGANIZATION, PROJECT, Service, status};

fn monitor(schedule: MonitorSchedule) -> models::MonitorInput {
    let config = models::MonitorConfigInput::new(schedule);
    models::MonitorInput::new(config, "Hourly report", PROJECT)
}

#[tokio::test]
async fn a_monitor_is_created_updated_and_deleted() {
    let service = Service::start();
    let client = service.client();
    let create = monitor(MonitorSchedule::Interval((1, "hour".to_owned())));
    let created = client
        .create_organization_monitor(ORGANIZATION, &create)
        .send()
        .await;
    let created = created.expect("it is created").value;
    assert_eq!(created.slug.as_deref(), Some("hourly-report"));
    let again = client
        .create_organization_monitor(ORGANIZATION, &create)
        .send()
        .await;
    assert_eq!(status(again), 400);
    let update = monitor(MonitorSchedule::Crontab("@hourly".to_owned()));
    let update = update.with_status(models::MonitorStatus::Disabled);
    let call = client.update_organization_monitor(ORGANIZATION, "hourly-report", &update);
    let updated = call.send().await.expect("it is updated").value;
    assert_eq!(
        (updated.id, updated.status.as_deref()),
        (created.id, Some("disabled"))
    );
    let all = client.list_organization_monitors(ORGANIZATION).send().await;
    assert_eq!(all.expect("they are listed").value.len(), 2);
    let delete = || {
        client
            .delete_organization_monitor(ORGANIZATION, "hourly-report")
            .send()
    };
    assert_eq!(delete().await.expect("it is deleted").status.as_u16(), 202);
    assert_eq!(status(delete().await), 404);
}

#[tokio::test]
async fn a_schedule_must_be_one() {
    let service = Service::start();
    let client = service.client();
    for crontab in [
        "every day",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * * 13 *",
        "* * * * 8",
        "*/0 * * * *",
        "* * * *",
        "* * * * * *",
        "a b c d e",
        "1- * * * *",
    ] {
        let create = monitor(MonitorSchedule::Crontab(crontab.to_owned()));
        let created = client.create_organization_monitor(ORGANIZATION, &create);
        assert_eq!(status(created.send().await), 400, "{crontab}");
    }
    for crontab in [
        "*/5 0-6,12 1,15 JAN-mar mon",
        "0 0 ? * 5#2",
        "59 23 L 12 7",
        "@daily",
    ] {
        let schedule = MonitorSchedule::Crontab(crontab.to_owned());
        let config = models::MonitorConfigInput::new(schedule);
        let name = format!("Report {}", crontab.len());
        let create = models::MonitorInput::new(config, name, PROJECT);
        let created = client.create_organization_monitor(ORGANIZATION, &create);
        created.send().await.expect(crontab);
    }
    for schedule in [
        MonitorSchedule::Interval((0, "hour".to_owned())),
        MonitorSchedule::Interval((1, "moment".to_owned())),
    ] {
        let create = monitor(schedule);
        let created = client
            .create_organization_monitor(ORGANIZATION, &create)
            .send()
            .await;
        assert_eq!(status(created), 400, "{create:?}");
    }
}

#[tokio::test]
async fn the_latest_check_in_ends_once() {
    let service = Service::start();
    let client = service.client();
    let slug = "nightly-backup";
    let create = models::CheckInCreate::default().with_status(CheckInStatus::InProgress);
    let created = client.create_organization_monitor_check_in(ORGANIZATION, slug, &create);
    let created = created.send().await.expect("it is created").value;
    let end = models::CheckInUpdate::default().with_status(CheckInStatus::Error);
    let call = || {
        let call = client.update_organization_monitor_check_in(ORGANIZATION, slug, "latest");
        call.body(&end).send()
    };
    assert_eq!(call().await.expect("it is ended").status.as_u16(), 200);
    assert_eq!(call().await.expect("it has ended").status.as_u16(), 208);
    let check_ins = client
        .list_organization_monitor_check_ins(ORGANIZATION, slug)
        .send()
        .await;
    let check_ins = check_ins.expect("they are listed").value;
    assert_eq!(check_ins[0].id, created.id);
    assert_eq!(check_ins[0].status.as_deref(), Some("error"));
    assert!(check_ins[0].duration.is_some());
}

#[tokio::test]
async fn monitors_are_listed_by_environment_and_owner() {
    let (_service, client) = Service::start_with_client();
    let mut owned = monitor(MonitorSchedule::Crontab("@hourly".to_owned()));
    owned.owner = "user:1".to_owned().into();
    let created = client
        .create_organization_monitor(ORGANIZATION, &owned)
        .send();
    created.await.expect("it is created");
    let create = models::CheckInCreate::default().with_environment("staging");
    let created =
        client.create_organization_monitor_check_in(ORGANIZATION, "nightly-backup", &create);
    created.send().await.expect("it is created");

    let list = || client.list_organization_monitors(ORGANIZATION);
    let staged = list().environment(["staging"]).send().await;
    let staged = staged.expect("they are listed").value;
    assert_eq!(staged.len(), 1);
    let environments = staged[0].environments.as_ref().expect("it has some");
    let names: Vec<_> = environments
        .iter()
        .filter_map(|one| one.name.as_deref())
        .collect();
    assert_eq!(names, ["staging"]);
    let found = list()
        .owner("user:1")
        .send()
        .await
        .expect("they are listed")
        .value;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].slug.as_deref(), Some("hourly-report"));
    let found = list()
        .owner("user:2")
        .send()
        .await
        .expect("they are listed")
        .value;
    assert_eq!(found.len(), 0);
}
