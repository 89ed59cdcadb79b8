"""An AWS account that makes what a case asks for, well-formed but for what the case changes."""

import json
from collections.abc import Callable
from functools import cached_property
from typing import Any

from simulator.values import Props
from tests.simulator.aws_basis import ROOT, SUBNET, VPC, Basis
from tests.simulator.conftest import Connect

GROUP, FLOWS = "aws:ec2/securityGroup:SecurityGroup", "aws:ec2/flowLog:FlowLog"
ZONE, LOGS = "aws:route53/zone:Zone", "aws:cloudwatch/logGroup:LogGroup"
ROLE, POLICY = "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"
SUBNETS, PARAMETERS = "aws:rds/subnetGroup:SubnetGroup", "aws:rds/parameterGroup:ParameterGroup"
INSTANCE = "aws:rds/instance:Instance"
OWN = "arn:aws:logs:us-east-1:111122223333:log-group"
KMS = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]


def document(*statements: Props) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: Any, **more: Any) -> Props:
    return {"Effect": "Allow", "Action": action, **more}


def service(name: str, action: Any = "sts:AssumeRole", **more: Any) -> Props:
    return allow(action, Principal={"Service": f"{name}.amazonaws.com"}, **more)


def for_logs(where: str = "us-east-1", groups: str = f"{OWN}:*", actions: Any = KMS) -> Props:
    condition = {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}}
    return service(f"logs.{where}", actions, Resource="*", Condition=condition)


def port(first: int = 443, last: int = 443, protocol: str = "tcp", **more: Any) -> Props:
    return {"protocol": protocol, "fromPort": first, "toPort": last, "cidrBlocks": ["10.0.0.0/16"], **more}


STREAMS = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
LIST = allow("logs:DescribeLogGroups", Resource=f"{OWN}:*")


class Stage(Basis):
    """Makes what a case asks for, well-formed but for what the case changes (None: left out)."""

    def __init__(self, connect: Connect) -> None:
        super().__init__(connect)
        self.count = 0

    @cached_property
    def vpc(self) -> str:
        return self.make(VPC, cidrBlock="10.0.0.0/16", enableDnsHostnames=True)

    @cached_property
    def foreign(self) -> str:
        return self.make(VPC, cidrBlock="10.1.0.0/16", enableDnsHostnames=True)

    @cached_property
    def subnets(self) -> list[str]:
        return [self.subnet_in(f"10.0.{zone}.0/24", zone) for zone in (1, 2)]

    def subnet_in(self, block: str, zone: int, vpc: str = "") -> str:
        return self.make(SUBNET, vpcId=vpc or self.vpc, cidrBlock=block, availabilityZoneId=f"use1-az{zone}")

    @cached_property
    def group(self) -> str:
        return self.put(GROUP)

    @cached_property
    def key_arn(self) -> str:
        return f"arn:aws:kms:us-east-1:111122223333:key/{self.keyed(ROOT, for_logs())}"

    def key_of(self, *statements: Props) -> str:
        return f"arn:aws:kms:us-east-1:111122223333:key/{self.keyed(ROOT, *statements)}"

    @cached_property
    def role(self) -> str:
        return self.put(ROLE)

    @cached_property
    def writer(self) -> str:
        self.put(POLICY, role=self.role)
        return f"arn:aws:iam::111122223333:role/{self.role}"

    @cached_property
    def logs(self) -> str:
        return f"{OWN}:{self.put(LOGS)}"

    @cached_property
    def database(self) -> tuple[str, Props]:
        given = self.inputs(INSTANCE)
        return self.engine.create(INSTANCE, "db", given)[0], given

    def inputs(self, token: str, **changes: Any) -> Props:
        made = getattr(self, "_" + token.rpartition(":")[2])()
        return {name: value for name, value in {**made, **changes}.items() if value is not None}

    def put(self, token: str, **changes: Any) -> str:
        self.count += 1
        return self.engine.create(token, f"x{self.count}", self.inputs(token, **changes))[0]

    def update(self, **changes: Any) -> Props:
        id_, given = self.database
        return self.engine.update(INSTANCE, id_, given, {**given, **changes})

    def ends(self, **changes: Any) -> str:
        """Delete an instance that has these properties."""
        return self.drop(INSTANCE, self.put(INSTANCE, **changes))

    def limited(self, actions: Any) -> str:
        """A role that may do only this to log groups."""
        role = self.put(ROLE)
        self.put(POLICY, role=role, policy=document(allow(actions, Resource=f"{self.logs}:*")))
        return role

    @property
    def elsewhere(self) -> str:
        """A trust in the flow logs of another account."""
        condition = {"StringEquals": {"aws:SourceAccount": "444455556666"}}
        return document(service("vpc-flow-logs", Condition=condition))

    def _SecurityGroup(self) -> Props:
        return {"vpcId": self.vpc, "ingress": [port()], "egress": []}

    def _VpcEndpoint(self) -> Props:
        place: Props = {"vpcId": self.vpc, "subnetIds": self.subnets, "securityGroupIds": [self.group]}
        name = "com.amazonaws.us-east-1.kms"
        return {**place, "vpcEndpointType": "Interface", "serviceName": name, "privateDnsEnabled": True}

    def _Zone(self) -> Props:
        return {"name": "team.internal", "vpcs": [{"vpcId": self.vpc, "vpcRegion": "us-east-1"}]}

    def _LogGroup(self) -> Props:
        return {"name": "flows", "kmsKeyId": self.key_arn, "retentionInDays": 365}

    def _Role(self) -> Props:
        return {"assumeRolePolicy": document(service("vpc-flow-logs"))}

    def _RolePolicy(self) -> Props:
        return {"role": self.role, "policy": document(allow(STREAMS, Resource=f"{self.logs}:*"), LIST)}

    def _FlowLog(self) -> Props:
        delivery = {"logDestination": self.logs, "iamRoleArn": self.writer}
        return {"vpcId": self.vpc, "trafficType": "ALL", "maxAggregationInterval": 60, **delivery}

    def _SubnetGroup(self) -> Props:
        return {"subnetIds": self.subnets}

    def _ParameterGroup(self) -> Props:
        return {"family": "postgres17", "parameters": [{"name": "rds.force_ssl", "value": "1"}]}

    def _Instance(self) -> Props:
        place = {"dbSubnetGroupName": self.put(SUBNETS), "vpcSecurityGroupIds": [self.group]}
        login = {"username": "rampart", "manageMasterUserPassword": True, "masterUserSecretKmsKeyId": self.key_arn}
        insights = {"performanceInsightsEnabled": True, "performanceInsightsKmsKeyId": self.key_arn}
        engine = {"engine": "postgres", "engineVersion": "17", "parameterGroupName": self.put(PARAMETERS)}
        storage = {"allocatedStorage": 64, "storageEncrypted": True, "kmsKeyId": self.key_arn}
        deletion = {"skipFinalSnapshot": True, "deletionProtection": False}
        sized = {"instanceClass": "db.m7g.large", "backupRetentionPeriod": 14}
        return {**place, **login, **insights, **engine, **storage, **deletion, **sized}


Act = Callable[[Stage], object]
Case = tuple[str, Act, Act]


def changed(token: str, code: str, bad: Any, good: Any) -> Case:
    """Making the type with the changes `bad` is refused, with `good` it passes; each may depend on the stage."""

    def act(changes: Any) -> Act:
        return lambda s: s.put(token, **(changes(s) if callable(changes) else changes))

    return code, act(bad), act(good)


VALUE = "InvalidParameterValue"
