"""An AWS account with a cluster that could start, and stores beside it, well-formed but for what a case changes."""

import json
from collections.abc import Callable
from functools import cached_property
from typing import Any

from simulator.values import Props
from tests.simulator.aws_basis import ASSOCIATION, ENDPOINT, ROUTES
from tests.simulator.aws_stage import ROLE, Stage, allow, document, service


def token(module: str, kind: str) -> str:
    return f"aws:{module}/{kind[0].lower()}{kind[1:]}:{kind}"


ATTACHMENT, ISSUER = token("iam", "RolePolicyAttachment"), token("iam", "OpenIdConnectProvider")
CLUSTER, NODES, ADDON = (token("eks", kind) for kind in ("Cluster", "NodeGroup", "Addon"))
ENTRY, ACCESS = (token("eks", kind) for kind in ("AccessEntry", "AccessPolicyAssociation"))
TEMPLATE = token("ec2", "LaunchTemplate")
PLACE, USERS, USER = (token("elasticache", kind) for kind in ("SubnetGroup", "UserGroup", "User"))
MEMBER, CACHE = (token("elasticache", kind) for kind in ("UserGroupAssociation", "ReplicationGroup"))
SECRET, SECRET_POLICY = (token("secretsmanager", kind) for kind in ("Secret", "SecretPolicy"))
MIRROR, IMAGES = (token("ecr", kind) for kind in ("PullThroughCacheRule", "RepositoryCreationTemplate"))
SCANNING = token("ecr", "RegistryScanningConfiguration")
TOPIC, TOPIC_POLICY, MAIL = (token("sns", kind) for kind in ("Topic", "TopicPolicy", "TopicSubscription"))
EVENTS, TARGET, ALARM = (token("cloudwatch", kind) for kind in ("EventRule", "EventTarget", "MetricAlarm"))

NODE_POLICIES = ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly")
SERVICES = ("ec2", "ecr.api", "ecr.dkr", "sts")
WHO = "arn:aws:iam::111122223333:role/operators"
SCALING = "arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
USE = ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*", "kms:DescribeKey", "kms:CreateGrant"]
FOR_NODES = allow(USE, Principal={"AWS": SCALING}, Resource="*")
FOR_ALARMS = service("events", ["kms:Decrypt", "kms:GenerateDataKey*"], Resource="*")
PUBLISH = [service(name, "sns:Publish", Resource="*") for name in ("events", "cloudwatch")]


class Region(Stage):
    """What a case needs is made when it asks."""

    def role_of(self, trusted: str, *policies: str) -> str:
        """The ARN of a role that a service may assume, with AWS's policies of these names."""
        name = self.put(ROLE, assumeRolePolicy=document(service(trusted)))
        for policy in policies:
            self.put(ATTACHMENT, role=name, policyArn=f"arn:aws:iam::aws:policy/{policy}")
        return f"arn:aws:iam::111122223333:role/{name}"

    @cached_property
    def control(self) -> str:
        return self.role_of("eks", "AmazonEKSClusterPolicy")

    @cached_property
    def worker(self) -> str:
        return self.role_of("ec2", *NODE_POLICIES)

    @cached_property
    def maker(self) -> str:
        return self.role_of("ecr")

    @cached_property
    def cluster(self) -> str:
        return self.put(CLUSTER, name="team")

    @cached_property
    def daemons(self) -> list[str]:
        return [self.put(ADDON, addonName=addon) for addon in ("vpc-cni", "kube-proxy")]

    @cached_property
    def table(self) -> str:
        made = self.make(ROUTES, vpcId=self.vpc)
        for subnet in self.subnets:
            self.make(ASSOCIATION, subnetId=subnet, routeTableId=made)
        return made

    @cached_property
    def spare(self) -> str:
        """A third subnet, with the routes of the others."""
        made = self.subnet_in("10.0.9.0/24", 3)
        self.make(ASSOCIATION, subnetId=made, routeTableId=self.table)
        return made

    def endpoint(self, service: str) -> str:
        return self.put(ENDPOINT, serviceName=f"com.amazonaws.us-east-1.{service}")

    def reach(self, *services: str, s3: bool = True) -> "Region":
        """Endpoints of these services, and of S3 in the subnets' routes."""
        for name in services:
            self.endpoint(name)
        tables = [self.table] if s3 else []
        self.make(ENDPOINT, vpcId=self.vpc, serviceName="com.amazonaws.us-east-1.s3", routeTableIds=tables)
        return self

    @cached_property
    def ready(self) -> str:
        """A cluster that nodes can join."""
        self.reach(*SERVICES)
        return (self.cluster, *self.daemons)[0]

    def as_it_is(self, *addons: str) -> Props:
        """The cluster with these add-ons alone, and whatever reaches it."""
        for addon in addons:
            self.put(ADDON, addonName=addon)
        self.__dict__["ready"] = self.cluster
        return {}

    @cached_property
    def nodes(self) -> str:
        return self.put(NODES)

    @cached_property
    def template(self) -> str:
        return self.put(TEMPLATE)

    @cached_property
    def disk_key(self) -> str:
        return self.key_of(FOR_NODES)

    @cached_property
    def user(self) -> str:
        return self.put(USER)

    @cached_property
    def users(self) -> str:
        return self.put(USERS)

    @cached_property
    def cache(self) -> str:
        return self.put(CACHE)

    @cached_property
    def secret(self) -> str:
        return self.put(SECRET)

    @cached_property
    def topic(self) -> str:
        return self.put(TOPIC)

    @cached_property
    def open_topic(self) -> str:
        self.put(TOPIC_POLICY)
        return self.topic

    def cut(self, **changes: Any) -> str:
        """Delete a cluster that has these properties."""
        return self.drop(CLUSTER, self.put(CLUSTER, **changes))

    def recluster(self, **changes: Any) -> Props:
        """Change a cluster."""
        given = self.inputs(CLUSTER)
        self.count += 1
        made = self.engine.create(CLUSTER, f"x{self.count}", given)[0]
        return self.engine.update(CLUSTER, made, given, {**given, **changes})

    def _Key(self) -> Props:
        return {}

    def _RolePolicyAttachment(self) -> Props:
        return {"role": self.role, "policyArn": "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"}

    def _OpenIdConnectProvider(self) -> Props:
        return {"url": "https://oidc.eks.us-east-1.amazonaws.com/id/A", "clientIdLists": ["sts.amazonaws.com"]}

    def _Cluster(self) -> Props:
        network = {"subnetIds": self.subnets, "securityGroupIds": [self.group]}
        encryption = {"provider": {"keyArn": self.key_arn}, "resources": ["secrets"]}
        return {
            "roleArn": self.control,
            "version": "1.34",
            "bootstrapSelfManagedAddons": False,
            "deletionProtection": False,
            "vpcConfig": {**network, "endpointPrivateAccess": True, "endpointPublicAccess": False},
            "accessConfig": {"authenticationMode": "API"},
            "encryptionConfig": encryption,
        }

    def _Addon(self) -> Props:
        return {"clusterName": self.cluster, "addonName": "vpc-cni"}

    def _AccessEntry(self) -> Props:
        return {"clusterName": self.cluster, "principalArn": WHO}

    def _AccessPolicyAssociation(self) -> Props:
        policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
        who = {"clusterName": self.cluster, "principalArn": WHO}
        return {**who, "policyArn": policy, "accessScope": {"type": "cluster"}}

    def _LaunchTemplate(self) -> Props:
        disk = {"encrypted": "true", "kmsKeyId": self.disk_key}
        return {"instanceType": "m6i.large", "blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": disk}]}

    def _NodeGroup(self) -> Props:
        return {
            "clusterName": self.ready,
            "nodeRoleArn": self.worker,
            "subnetIds": self.subnets,
            "launchTemplate": {"id": self.template, "version": "1"},
            "scalingConfig": {"minSize": 1, "desiredSize": 1, "maxSize": 2},
        }

    def _User(self) -> Props:
        login = {"userId": "app", "userName": "app", "authenticationMode": {"type": "iam"}}
        return {**login, "engine": "valkey", "accessString": "on ~* +@all"}

    def _UserGroup(self) -> Props:
        return {"engine": "valkey", "userGroupId": "people"}

    def _UserGroupAssociation(self) -> Props:
        return {"userGroupId": self.users, "userId": self.user}

    def _ReplicationGroup(self) -> Props:
        place = {"subnetGroupName": self.put(PLACE), "securityGroupIds": [self.group], "userGroupIds": [self.users]}
        ready = {"numCacheClusters": 2, "automaticFailoverEnabled": True, "multiAzEnabled": True}
        keyed = {"atRestEncryptionEnabled": True, "kmsKeyId": self.key_arn}
        tls = {"transitEncryptionEnabled": True, "transitEncryptionMode": "required"}
        about = {"description": "a", "engine": "valkey", "engineVersion": "8.0", "nodeType": "cache.m7g.large"}
        return {**about, **place, **ready, **keyed, **tls}

    def _Secret(self) -> Props:
        return {"kmsKeyId": self.key_arn}

    def _SecretPolicy(self) -> Props:
        deny = {**allow("secretsmanager:GetSecretValue", Resource="*"), "Effect": "Deny", "Principal": "*"}
        return {"secretArn": self.secret, "policy": document(deny), "blockPublicPolicy": True}

    def _PullThroughCacheRule(self) -> Props:
        return {"ecrRepositoryPrefix": "team/quay", "upstreamRegistryUrl": "quay.io"}

    def _RepositoryCreationTemplate(self) -> Props:
        encryption = [{"encryptionType": "KMS", "kmsKey": self.key_arn}]
        made = {"customRoleArn": self.maker, "encryptionConfigurations": encryption}
        return {"prefix": "team", "appliedFors": ["PULL_THROUGH_CACHE"], **made}

    def _RegistryScanningConfiguration(self) -> Props:
        return {"scanType": "BASIC"}

    def _Topic(self) -> Props:
        return {"kmsMasterKeyId": self.key_of(FOR_ALARMS, {**FOR_ALARMS, "Principal": PUBLISH[1]["Principal"]})}

    def _TopicPolicy(self) -> Props:
        return {"arn": self.topic, "policy": document(*PUBLISH)}

    def _TopicSubscription(self) -> Props:
        return {"topic": self.topic, "protocol": "email", "endpoint": "team@example.com"}

    def _EventRule(self) -> Props:
        return {"eventPattern": json.dumps({"source": ["aws.kms"], "detail": {"eventName": ["DisableKey"]}})}

    def _EventTarget(self) -> Props:
        return {"rule": self.put(EVENTS), "arn": self.open_topic}

    def _MetricAlarm(self) -> Props:
        metric = {"namespace": "AWS/Events", "metricName": "TriggeredRules", "statistic": "Sum", "period": 3600}
        when = {"comparisonOperator": "LessThanThreshold", "threshold": 1, "evaluationPeriods": 30}
        return {**metric, **when, "alarmActions": [self.open_topic]}


Act = Callable[[Region], object]
Case = tuple[str, Act, Act]


def changed(kind: str, code: str, bad: Any, good: Any) -> Case:
    """Making the type with the changes `bad` is refused, with `good` it passes; each may depend on the region."""

    def act(changes: Any) -> Act:
        return lambda s: s.put(kind, **(changes(s) if callable(changes) else changes))

    return code, act(bad), act(good)


def twice(kind: str, code: str, path: str, one: str = "one", other: str = "two") -> Case:
    """A second of the same name is refused, of another name it passes."""
    both = (lambda s: (s.put(kind, **{path: one}), s.put(kind, **{path: one})), lambda s: s.put(kind, **{path: other}))
    return code, *both


def blocked(kind: str, code: str, named: Callable[[Region], str], by: str, free: Act) -> Case:
    """What another names is not deleted first; what none names goes."""
    return code, lambda s: (s.put(by), s.drop(kind, named(s))), free
