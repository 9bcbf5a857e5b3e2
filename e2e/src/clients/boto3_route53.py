"""Route 53 through boto3: zones, pages, waiters, errors with all their messages. Prints what it saw as JSON."""
import json

import boto3
from botocore.exceptions import ClientError

route53 = boto3.client("route53")
report = {}


def refused(name, call):
    try:
        call()
        report[name] = "allowed"
    except ClientError as error:
        report[name] = [type(error).__name__, error.response["Error"]["Code"], error.response["Error"]["Message"]]


def a(name, *values):
    return {"Name": name, "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": value} for value in values]}


def change(zone, action, *sets):
    changes = [{"Action": action, "ResourceRecordSet": each} for each in sets]
    return route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})


made = route53.create_hosted_zone(Name="boto.example", CallerReference="boto")
zone = made["HostedZone"]["Id"]
report["name servers"] = len(made["DelegationSet"]["NameServers"])
sent = change(zone, "CREATE", *[a(f"h{n:03}.boto.example", "192.0.2.1", "192.0.2.2") for n in range(120)])
report["submitted"] = sent["ChangeInfo"]["Status"]
route53.get_waiter("resource_record_sets_changed").wait(Id=sent["ChangeInfo"]["Id"], WaiterConfig={"Delay": 1})
pages = route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone, PaginationConfig={"PageSize": 50})
report["pages"] = [len(page["ResourceRecordSets"]) for page in pages]
refused("twice", lambda: change(zone, "CREATE", a("h001.boto.example", "192.0.2.9"), a("x.boto.example", "no address")))
refused("not empty", lambda: route53.delete_hosted_zone(Id=zone))
refused("same reference", lambda: route53.create_hosted_zone(Name="other.example", CallerReference="boto"))
refused("no such zone", lambda: route53.get_hosted_zone(Id="Z0"))
refused("no such check", lambda: route53.get_health_check(HealthCheckId="none"))
change(zone, "DELETE", *[a(f"h{n:03}.boto.example", "192.0.2.2", "192.0.2.1") for n in range(120)])
route53.delete_hosted_zone(Id=zone)
report["zones left"] = sum(each["Name"] == "boto.example." for each in route53.list_hosted_zones()["HostedZones"])
print(json.dumps(report))
