"""The kinds of resource on Google Cloud that take IAM bindings: each has a Member, a Binding and a Policy type."""

import re
from collections.abc import Iterator, Mapping

from rampart_policy.facts import Scope

STEMS: Mapping[str, str] = {
    "accesscontextmanager": "accessPolicyIam",
    "apigateway": "apiConfigIam apiIam gatewayIam",
    "apigee": "environmentIam",
    "artifactregistry": "repositoryIam",
    "beyondcorp": "securityGatewayApplicationIam securityGatewayIam",
    "biglake": "hiveCatalogIam hiveDatabaseIam hiveTableIam icebergCatalogIam icebergNamespaceIam icebergTableIam",
    "bigquery": "connectionIam datapolicyv2DataPolicyIam datasetIam iam routineIam",
    "bigqueryanalyticshub": "dataExchangeIam listingIam",
    "bigquerydatapolicy": "dataPolicyIam",
    "bigtable": "instanceIam tableIam",
    "billing": "accountIam",
    "binaryauthorization": "attestorIam",
    "certificateauthority": "caPoolIam certificateTemplateIam",
    "cloudbuildv2": "connectionIAM",
    "clouddeploy": "customTargetTypeIam deliveryPipelineIam targetIam",
    "cloudfunctions": "functionIam",
    "cloudfunctionsv2": "functionIam",
    "cloudrun": "iam",
    "cloudrunv2": "jobIam serviceIam workerPoolIam",
    "cloudtasks": "queueIam",
    "colab": "runtimeTemplateIam",
    "compute": "backendBucketIam backendServiceIam diskIam firewallPolicyIam imageIam instanceIAM instanceTemplateIam "
    "instantSnapshotIam machineImageIam networkFirewallPolicyIam regionBackendBucketIam "
    "regionBackendServiceIam regionDiskIam regionInstantSnapshotIam regionNetworkFirewallPolicyIam "
    "snapshotIam storagePoolIam subnetworkIAM",
    "containeranalysis": "noteIam",
    "datacatalog": "entryGroupIam policyTagIam tagTemplateIam taxonomyIam",
    "dataform": "repositoryIam",
    "dataplex": "aspectTypeIam assetIam dataProductIam datascanIam entryGroupIam entryTypeIam "
    "glossaryIam lakeIam taskIam "
    "zoneIam",
    "dataproc": "autoscalingPolicyIam clusterIAM jobIAM metastoreDatabaseIam metastoreFederationIam "
    "metastoreServiceIam "
    "metastoreTableIam",
    "discoveryengine": "searchEngineIam",
    "dns": "dnsManagedZoneIam",
    "endpoints": "consumersIam serviceIam",
    "eventarc": "pipelineIam",
    "folder": "iAM",
    "gemini": "dataAnalyticsDataAgentIam repositoryGroupIam",
    "gkebackup": "backupPlanIam restorePlanIam",
    "gkehub": "featureIam membershipIam scopeIam",
    "healthcare": "consentStoreIam datasetIam dicomStoreIam fhirStoreIam hl7StoreIam",
    "iam": "workforcePoolIam workloadIdentityPoolIam",
    "iap": "agentRegistryAgentIam agentRegistryEndpointIam agentRegistryIam agentRegistryMcpServerIam "
    "appEngineServiceIam appEngineVersionIam locationWebIam tunnelDestGroupIam tunnelIam tunnelInstanceIAM "
    "webBackendServiceIam webCloudRunServiceIam webForwardingRuleServiceIam webIam webRegionBackendServiceIam "
    "webRegionForwardingRuleServiceIam webTypeAppEngingIam webTypeComputeIam",
    "kms": "cryptoKeyIAM ekmConnectionIam keyRingIAM",
    "logging": "logViewIam",
    "networkconnectivity": "hubIam",
    "networksecurity": "addressGroupIam",
    "organizations": "iAM",
    "projects": "iAM",
    "pubsub": "schemaIam subscriptionIAM topicIAM",
    "runtimeconfig": "configIam",
    "secretmanager": "regionalSecretIam secretIam",
    "securesourcemanager": "instanceIam repositoryIam",
    "securitycenter": "instanceIam sourceIam v2OrganizationSourceIam",
    "serviceaccount": "iAM",
    "servicedirectory": "namespaceIam serviceIam",
    "sourcerepo": "repositoryIam",
    "spanner": "databaseIAM instanceIAM",
    "storage": "bucketIAM managedFolderIam",
    "tags": "tagKeyIam tagValueIam",
    "vertex": "aiEndpointIam aiFeatureGroupIam aiFeatureOnlineStoreFeatureviewIam aiFeatureOnlineStoreIam "
    "aiFeatureStoreEntityTypeIam aiFeatureStoreIam aiReasoningEngineIam",
    "workbench": "instanceIam",
    "workstations": "workstationConfigIam workstationIam",
}
"""By package module, how the names of the three types begin."""

WHOLE = {
    "gcp:projects/iAM": "the whole project",
    "gcp:folder/iAM": "the whole folder",
    "gcp:organizations/iAM": "the whole organization",
    "gcp:billing/accountIam": "the whole billing account",
}
"""What is on these is on everything below them."""


def prefixes() -> Iterator[str]:
    """How the type tokens of all kinds begin."""
    for module, stems in STEMS.items():
        for stem in stems.split():
            yield f"gcp:{module}/{stem}"


def tokens(form: str) -> Iterator[str]:
    """The type tokens of one form: `Member`, `Binding` or `Policy`."""
    for prefix in prefixes():
        stem = prefix.rpartition("/")[2]
        title = "IAM" if stem == "iAM" else stem[0].upper() + stem[1:]
        yield f"{prefix}{form}:{title}{form}"


def scope(token: str) -> Scope:
    """What a binding of this type covers."""
    prefix = re.sub(r"(?:Member|Binding|Policy)$", "", token.partition(":")[2].partition(":")[0])
    whole = WHOLE.get(f"gcp:{prefix}")
    if whole:
        return Scope(whole, broad=True)
    module, _, stem = prefix.partition("/")
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"i?(?:IAM|Iam|iam|AM)$", "", stem)).lower()
    return Scope(f"one {words or module}", broad=False)
