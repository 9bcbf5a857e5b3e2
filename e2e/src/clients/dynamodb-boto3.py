"""DynamoDB through boto3: resource and client, pages, waiters, conditions, batches, transactions, errors. Prints JSON."""
import json
import sys
import time
from decimal import Decimal

import boto3
from boto3.dynamodb.conditions import Attr, Key
from boto3.dynamodb.types import Binary
from botocore.exceptions import ClientError, WaiterError

dynamodb = boto3.resource("dynamodb")
client = boto3.client("dynamodb")
name = sys.argv[1]
report = {}


def refused(label, call):
    try:
        call()
        report[label] = "allowed"
    except ClientError as error:
        report[label] = [error.response["Error"]["Code"], error.response["Error"]["Message"]]
        return error


table = dynamodb.create_table(
    TableName=name,
    KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    AttributeDefinitions=[
        {"AttributeName": "pk", "AttributeType": "S"},
        {"AttributeName": "sk", "AttributeType": "N"},
        {"AttributeName": "kind", "AttributeType": "S"},
    ],
    GlobalSecondaryIndexes=[
        {
            "IndexName": "kinds",
            "KeySchema": [{"AttributeName": "kind", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["note"]},
        }
    ],
    BillingMode="PAY_PER_REQUEST",
    StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
)
table.wait_until_exists(WaiterConfig={"Delay": 1})
table.reload()
report["table"] = [table.table_status, table.item_count, table.key_schema[1]["AttributeName"], table.global_secondary_indexes[0]["IndexStatus"]]

# Every type comes back as it went.
item = {
    "pk": "types",
    "sk": Decimal("-1.5"),
    "number": Decimal("12345678901234567890123456789012345678"),
    "tiny": Decimal("1E-130"),
    "text": "grüße 日本 🙂\u0000\"\\",
    "binary": Binary(bytes(range(256))),
    "yes": True,
    "nothing": None,
    "empty": "",
    "list": ["a", Decimal(1), {"deep": [[], {}]}],
    "map": {"a.b": {"c": Binary(b"")}},
    "strings": {"a", "b"},
    "numbers": {Decimal(1), Decimal("2.5")},
    "binaries": {Binary(b"x"), Binary(b"y")},
}
table.put_item(Item=item)
report["types"] = table.get_item(Key={"pk": "types", "sk": Decimal("-1.5")}, ConsistentRead=True)["Item"] == item

# Writes on conditions, and what they return.
report["put returns"] = table.put_item(Item={"pk": "c", "sk": 1, "n": 1}, ReturnValues="ALL_OLD").get("Attributes")
report["old"] = str(table.put_item(Item={"pk": "c", "sk": 1, "n": 2}, ReturnValues="ALL_OLD")["Attributes"]["n"])
error = refused(
    "only new",
    lambda: table.put_item(
        Item={"pk": "c", "sk": 1},
        ConditionExpression=Attr("pk").not_exists() & ~Attr("n").gt(5),
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    ),
)
report["failed on"] = error.response.get("Item")
try:
    client.delete_item(TableName=name, Key={"pk": {"S": "c"}, "sk": {"N": "1"}}, ConditionExpression="n > :n", ExpressionAttributeValues={":n": {"N": "5"}})
except client.exceptions.ConditionalCheckFailedException as error:
    report["class"] = type(error).__name__
updated = table.update_item(
    Key={"pk": "c", "sk": 1},
    UpdateExpression="SET #l = list_append(if_not_exists(#l, :none), :more), n = n + :one ADD tags :tags REMOVE gone",
    ConditionExpression=Attr("n").between(1, 3) & (Attr("gone").attribute_type("S") | Attr("gone").not_exists()),
    ExpressionAttributeNames={"#l": "list"},
    ExpressionAttributeValues={":none": [], ":more": ["x"], ":one": 1, ":tags": {"t"}},
    ReturnValues="ALL_NEW",
    ReturnConsumedCapacity="INDEXES",
)
report["updated"] = updated["Attributes"] == {"pk": "c", "sk": 1, "list": ["x"], "n": 3, "tags": {"t"}}
report["capacity"] = updated["ConsumedCapacity"]
report["deleted"] = "Attributes" in table.delete_item(Key={"pk": "c", "sk": 1}, ReturnValues="ALL_OLD")

# A batch writer sends 25 at a time, and the same key once.
with table.batch_writer(overwrite_by_pkeys=["pk", "sk"]) as batch:
    for n in range(130):
        batch.put_item(Item={"pk": f"p{n % 2}", "sk": n, "note": "n" * n, **({"kind": f"k{n % 3}"} if n % 5 else {})})
    batch.put_item(Item={"pk": "p0", "sk": 0, "note": "again"})
    batch.delete_item(Key={"pk": "p0", "sk": 2})
report["written once"] = table.get_item(Key={"pk": "p0", "sk": 0}, ConsistentRead=True)["Item"]["note"]

# Queries and scans, in pages.
found = table.query(KeyConditionExpression=Key("pk").eq("p1") & Key("sk").between(5, 15), ScanIndexForward=False, ConsistentRead=True)
report["query"] = [int(each["sk"]) for each in found["Items"]]
for _ in range(100):
    found = table.query(
        IndexName="kinds",
        KeyConditionExpression=Key("kind").eq("k1") & Key("sk").lt(20),
        FilterExpression=Attr("note").begins_with("nn") & Attr("note").size().lt(15) & Attr("note").contains("n"),
        ProjectionExpression="sk, note",
    )
    # An index is read as the zone that is asked has it.
    if found["ScannedCount"] == 6:
        break
    time.sleep(0.1)
report["index"] = [[int(each["sk"]) for each in found["Items"]], found["Count"], found["ScannedCount"], sorted(found["Items"][0])]
pages = list(client.get_paginator("query").paginate(
    TableName=name, KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": {"S": "p1"}}, ConsistentRead=True, PaginationConfig={"PageSize": 20}
))
report["query pages"] = [page["Count"] for page in pages]
paginator = client.get_paginator("scan").paginate(TableName=name, Select="COUNT", Limit=50, ConsistentRead=True)
report["scan pages"] = [page["Count"] for page in paginator]
report["segments"] = sum(
    len(page["Items"])
    for segment in range(4)
    for page in client.get_paginator("scan").paginate(TableName=name, Segment=segment, TotalSegments=4, ConsistentRead=True)
)
shown = client.get_paginator("scan").paginate(TableName=name, ConsistentRead=True, PaginationConfig={"MaxItems": 7, "PageSize": 3}).build_full_result()
report["resumed"] = [len(shown["Items"]), "NextToken" in shown]
got = dynamodb.batch_get_item(RequestItems={name: {"Keys": [{"pk": "p1", "sk": n} for n in range(1, 100, 2)], "ProjectionExpression": "sk", "ConsistentRead": True}})
report["batch get"] = [len(got["Responses"][name]), got["UnprocessedKeys"]]

# Transactions: all or nothing, once for a token.
key = lambda n: {"pk": {"S": "t"}, "sk": {"N": str(n)}}
put = lambda n, **more: {"Put": {"TableName": name, "Item": {**key(n), "v": {"S": "new"}}, **more}}
transaction = dict(TransactItems=[put(1), put(2), put(3)], ClientRequestToken="once")
report["transaction"] = client.transact_write_items(**transaction)["ResponseMetadata"]["HTTPStatusCode"]
again = client.transact_write_items(**transaction)
report["again"] = again["ResponseMetadata"]["HTTPStatusCode"]
refused("another with the token", lambda: client.transact_write_items(TransactItems=[put(4)], ClientRequestToken="once"))
absent = {"ConditionExpression": "attribute_not_exists(pk)", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
try:
    client.transact_write_items(TransactItems=[
        put(4), put(1, **absent),
        {"Update": {"TableName": name, "Key": key(2), "UpdateExpression": "SET v = v + :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}},
        {"ConditionCheck": {"TableName": name, "Key": key(3), "ConditionExpression": "attribute_exists(v)"}},
    ])
except client.exceptions.TransactionCanceledException as error:
    report["cancelled"] = [str(error), error.response["CancellationReasons"]]
read = client.transact_get_items(TransactItems=[{"Get": {"TableName": name, "Key": key(n)}} for n in (1, 4)])
report["transact get"] = [each.get("Item") is not None for each in read["Responses"]]

# Statements, and the stream of all that was written.
statement = f'SELECT v FROM "{name}" WHERE pk = ? AND sk = ?'
report["statement"] = client.execute_statement(Statement=statement, Parameters=[{"S": "t"}, {"N": "1"}], ConsistentRead=True)["Items"]


def streamed():
    streams = boto3.client("dynamodbstreams")
    at = {"StreamArn": streams.list_streams(TableName=name)["Streams"][0]["StreamArn"]}
    for shard in streams.describe_stream(**at)["StreamDescription"]["Shards"]:
        asked = {"ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        records = streams.get_records(ShardIterator=streams.get_shard_iterator(**at, **asked)["ShardIterator"])["Records"]
        yield from (each["eventName"] for each in records if each["dynamodb"]["Keys"] == {"pk": {"S": "c"}, "sk": {"N": "1"}})


for _ in range(100):
    report["streamed"] = list(streamed())
    if len(report["streamed"]) == 4:
        break
    time.sleep(0.1)

# What is wrong is said.
refused("no such table", lambda: dynamodb.Table("absent-table").get_item(Key={"pk": "a"}))
refused("no such key", lambda: table.get_item(Key={"pk": "a"}))
refused("reserved", lambda: table.scan(FilterExpression="name = :n", ExpressionAttributeValues={":n": 1}))
refused("too large", lambda: table.put_item(Item={"pk": "large", "sk": 1, "v": "x" * 409_600}))
refused("numbers", lambda: client.put_item(TableName=name, Item={**key(9), "n": {"N": "1" * 39}}))
refused("no such value", lambda: client.put_item(TableName="x", Item={}, ReturnValues="ALL"))
refused("taken", lambda: client.create_table(TableName=name, KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}], AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}], BillingMode="PAY_PER_REQUEST"))

# Settings.
client.update_time_to_live(TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"})
report["time to live"] = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]["AttributeName"]
client.tag_resource(ResourceArn=table.table_arn, Tags=[{"Key": "a", "Value": "b"}])
report["tags"] = sum((page["Tags"] for page in client.get_paginator("list_tags_of_resource").paginate(ResourceArn=table.table_arn)), [])
report["listed"] = name in [each for page in client.get_paginator("list_tables").paginate(PaginationConfig={"PageSize": 1}) for each in page["TableNames"]]
report["resource lists"] = name in [each.name for each in dynamodb.tables.all()]

client.update_table(TableName=name, DeletionProtectionEnabled=True)
refused("protected", table.delete)
client.update_table(TableName=name, DeletionProtectionEnabled=False)
table.delete()
table.wait_until_not_exists(WaiterConfig={"Delay": 1})
try:
    client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 1})
except WaiterError:
    report["gone"] = True

print(json.dumps(report, default=str))
