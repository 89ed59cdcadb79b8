"""The engine's provider protocol, spoken for one package; what the package is like comes from its `Cloud`."""

# ruff: noqa: N802  (gRPC names the methods)

import contextlib
import functools
import importlib
import json
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2
from pulumi.runtime.proto import provider_pb2 as pb
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderServicer

from simulator import rules, schema, sdk
from simulator.cloud import Cloud, Operation, Refusal, Scope
from simulator.faults import Faults, answering
from simulator.state import Record, Store
from simulator.values import (
    UNKNOWN,
    Change,
    Props,
    Secret,
    changes,
    conceal,
    decode,
    encode,
    known,
    plain,
    secret_texts,
)

PACKAGES = {"aws": "aws", "gcp": "gcp", "azure-native": "azure", "random": "random"}  # and where each is, in simulator/
_OF_ENGINE = ("version", "pluginDownloadURL", "__internal", "__defaults")
_Context = grpc.ServicerContext


def load(package: str) -> Cloud:
    """The cloud of a package; its module is imported at the first use."""
    cloud: Cloud = importlib.import_module(f"simulator.{PACKAGES[package]}").CLOUD
    return cloud


class Provider(ResourceProviderServicer):
    """Serves every provider instance of a package: the engine opens a connection per instance, which is its peer."""

    def __init__(self, package: str, store: Store, faults: Faults | None = None) -> None:
        self.package, self.store, self.faults = package, store, faults or Faults()
        self._scopes: dict[str, Scope] = {}

    @functools.cached_property
    def cloud(self) -> Cloud:
        """The package's cloud."""
        return load(self.package)

    # The instance: who is calling, and how it was configured.

    def Attach(self, request: plugin_pb2.PluginAttach, context: _Context) -> empty_pb2.Empty:
        self._scopes.pop(context.peer(), None)  # a port may be used again, by another engine
        self.faults.revive(context)
        return empty_pb2.Empty()

    def Handshake(self, request: pb.ProviderHandshakeRequest, context: _Context) -> pb.ProviderHandshakeResponse:
        self._scopes.pop(context.peer(), None)
        self.faults.revive(context)
        return pb.ProviderHandshakeResponse(accept_secrets=True)

    def GetPluginInfo(self, request: empty_pb2.Empty, context: _Context) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=sdk.version(self.package))

    def Cancel(self, request: empty_pb2.Empty, context: _Context) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    @answering
    def CheckConfig(self, request: pb.CheckRequest, context: _Context) -> pb.CheckResponse:
        settings = self._settings(decode(request.news))
        failures = list(schema.check(sdk.describe(self.package, f"pulumi:providers:{self.package}"), settings))
        if not failures and known(settings):
            try:
                self.cloud.configure(plain(settings))
            except Refusal as refusal:
                failures.append(schema.Failure(refusal.property, refusal.message))
        return _checked(request.news, failures)

    @answering
    def DiffConfig(self, request: pb.DiffRequest, context: _Context) -> pb.DiffResponse:
        old, new = (plain(self._settings(decode(side))) for side in (request.old_inputs, request.news))
        return _diff(old, new, lambda change: _root(change.path) in self.cloud.fixed_settings)

    @answering
    def Configure(self, request: pb.ConfigureRequest, context: _Context) -> pb.ConfigureResponse:
        self._scopes[context.peer()] = self.cloud.configure(plain(self._settings(decode(request.args))))
        return pb.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def _settings(self, given: Props) -> Props:
        """Provider settings as a tree: the SDKs send what is not text as JSON."""
        fields = sdk.describe(self.package, f"pulumi:providers:{self.package}")["inputs"]
        texts = {name for name, about in fields.items() if about["shape"] == "string"}
        return {k: v if k in texts else _from_json(v) for k, v in given.items() if k not in _OF_ENGINE}

    # One resource.

    def _operation(self, request: Any, context: _Context, raw: Props) -> Operation:
        scope, row = self._scopes.get(context.peer()), self.cloud.types.get(request.type)
        if scope is None:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, f"this {self.package} provider was not configured")
        if row is None:
            line = f"{request.type} is not simulated; docs/fidelity.md lists the types that are"
            context.abort(grpc.StatusCode.UNIMPLEMENTED, line)
        logical, id_ = request.name or request.urn.rpartition("::")[2], getattr(request, "id", "")
        about = {"scope": scope, "type": row, "raw": raw, "logical": logical, "id": id_, "seed": secrets.randbits(48)}
        return Operation(cloud=self.cloud, store=self.store, **about)

    @answering
    def Check(self, request: pb.CheckRequest, context: _Context) -> pb.CheckResponse:
        raw, olds = decode(request.news), decode(request.olds)
        raw.pop("__defaults", None)
        operation = self._operation(request, context, raw)
        failures = list(schema.check(sdk.describe(self.package, request.type), raw, self.cloud.closed_enums))
        defaults = {key: value for key, value in operation.type.defaults.items() if key not in raw}
        name = operation.type.name
        if name and name.property not in raw:
            ours = name.property in olds and (not self.cloud.bridged or name.property in olds.get("__defaults", []))
            made = olds[name.property] if ours else name.make(operation.logical, request.randomSeed)
            defaults |= {name.property: made} if made else {}
            failures += [] if made else [schema.Failure(name.property, "missing: the provider makes no name here")]
        raw |= defaults
        operation.inputs = plain(raw)
        raw |= conceal(self.cloud.complete(operation), secret_texts(raw))
        if not failures:
            refused = rules.refusals(operation, "check")
            failures = [schema.Failure(found.property, f"{found.code}: {found.message}") for found in refused]
        if self.cloud.bridged:
            raw["__defaults"] = sorted(defaults)
        elif name and name.property in defaults and name.auto and name.auto[1]:
            raw["__createBeforeDelete"] = True
        return _checked(encode(raw), failures)

    @answering
    def Diff(self, request: pb.DiffRequest, context: _Context) -> pb.DiffResponse:
        new = decode(request.news)
        row = self._operation(request, context, new).type
        old, new = plain(decode(request.old_inputs)), plain(new)
        answer = _diff(old, new, row.replaces)
        name = row.name.property if row.name else ""
        renamed = new.get("__createBeforeDelete") or name in new.get("__defaults", [])
        if answer.replaces and name and not renamed:  # two cannot have one name, so the old one goes first
            answer.deleteBeforeReplace = old.get(name) == new.get(name)
        return answer

    @answering
    def Create(self, request: pb.CreateRequest, context: _Context) -> pb.CreateResponse:
        operation = self._operation(request, context, decode(request.properties))
        if request.preview:
            unknown = dict.fromkeys(sdk.describe(self.package, request.type)["outputs"], UNKNOWN)
            return pb.CreateResponse(properties=self._sent(operation.type.previewed(operation, unknown), operation))
        with self.store.lock:
            rules.refuse(operation, "create")
            outputs = self._marked(operation.type.create(operation), operation)
            if self.cloud.keeps_records:
                key, place = rules.unique_key(operation), (self.package, operation.account, operation.region)
                twin = self._record(operation)  # what has the id is the thing itself, asked for again
                made = Record(*place, request.type, operation.id, key, operation.raw, outputs, operation.seed)
                self.store.write(replace(made, seq=twin.seq if twin and twin.region == made.region else 0))
        return pb.CreateResponse(id=operation.id, properties=encode(outputs))

    @answering
    def Update(self, request: pb.UpdateRequest, context: _Context) -> pb.UpdateResponse:
        operation = self._operation(request, context, decode(request.news))
        with self.store.lock:
            record = self._record(operation)
            if request.preview:
                gone = decode(request.old_inputs).keys()
                kept = {key: value for key, value in plain(decode(request.olds)).items() if key not in gone}
                return pb.UpdateResponse(properties=self._sent(operation.type.previewed(operation, kept), operation))
            if record is None:
                raise Refusal("NotFound", f"{request.id!r} no longer exists; run `pulumi refresh`")
            operation.record = replace(record, outputs=self.store.unseal(record.outputs, decode(request.olds)))
            rules.refuse(operation, "update")
            outputs = self._marked(operation.type.update(operation), operation)
            self.store.write(replace(record, inputs=operation.raw, outputs=outputs))
        return pb.UpdateResponse(properties=encode(outputs))

    @answering
    def Read(self, request: pb.ReadRequest, context: _Context) -> pb.ReadResponse:
        state, inputs = decode(request.properties), decode(request.inputs)
        operation = self._operation(request, context, inputs or state)
        if not self.cloud.keeps_records:
            return pb.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)
        record = self._record(operation) if state or not operation.type.imported else self._imported(operation)
        if record is None:
            return pb.ReadResponse()  # it is gone
        read, given = self.store.unseal(record.outputs, state), self.store.unseal(record.inputs, inputs)
        return pb.ReadResponse(id=record.id, properties=encode(read), inputs=encode(given))

    @answering
    def Delete(self, request: pb.DeleteRequest, context: _Context) -> empty_pb2.Empty:
        operation = self._operation(request, context, decode(request.old_inputs) or decode(request.properties))
        with self.store.lock:
            record = self._record(operation)
            if record is not None:  # gone already is as good as deleted
                rules.refuse(operation, "delete")
                operation.type.delete(operation)
                if operation.type.keeps_name:
                    self.store.write(replace(record, alive=False))
                else:
                    self.store.remove(record)
        return empty_pb2.Empty()

    def _record(self, operation: Operation) -> Record | None:
        """Find what the operation's id means, and let the operation know."""
        own = self.store.all(self.package, operation.account)
        found = [record for record in own if (record.type, record.id) == (operation.type.token, operation.id)]
        here = [record for record in found if record.region == operation.region] or found
        operation.record = here[0] if here else None
        operation.seed = operation.record.seed if operation.record else operation.seed
        return operation.record

    def _imported(self, operation: Operation) -> Record | None:
        """Find what a `pulumi import` means, of a type that is imported by something else than its id."""
        for record in operation.others(operation.type.token):
            with contextlib.suppress(KeyError):  # it lacks an input of the template's
                if replace(operation, raw=record.inputs).text(operation.type.imported) == operation.id:
                    operation.record = record
        return operation.record

    def _marked(self, outputs: Props, operation: Operation) -> Props:
        """The outputs with secrets marked: the type's own, what came in as a secret, and whatever repeats one."""
        always, texts = sdk.describe(self.package, operation.type.token)["secrets"], secret_texts(operation.raw)
        marked: Props = {"id": operation.id or UNKNOWN}
        for key, value in outputs.items():
            given = operation.raw.get(key)
            as_given = given != value and plain(given) == value
            if not key.startswith("__"):
                marked[key] = given if as_given else Secret(value) if key in always else conceal(value, texts)
        return marked

    def _sent(self, outputs: Props, operation: Operation) -> Any:
        return encode(self._marked(outputs, operation))

    # Functions, and what is refused.

    @answering
    def Invoke(self, request: pb.InvokeRequest, context: _Context) -> pb.InvokeResponse:
        lookup, scope = self.cloud.lookups.get(request.tok), self._scopes.get(context.peer())
        if lookup is None or scope is None:
            what = "is not simulated" if lookup is None else "needs a configured provider"
            context.abort(grpc.StatusCode.UNIMPLEMENTED, f"the function {request.tok} {what}")
        response, arguments = pb.InvokeResponse(), decode(request.args)
        with self.store.lock:
            found = lookup(scope, plain(arguments), self.store)
        getattr(response, "return").CopyFrom(encode(conceal(found, secret_texts(arguments))))
        return response

    def Construct(self, request: pb.ConstructRequest, context: _Context) -> pb.ConstructResponse:
        line = f"{request.type}: the simulated clouds make no remote components; use the resources it is made of"
        context.abort(grpc.StatusCode.UNIMPLEMENTED, line)

    def Call(self, request: pb.CallRequest, context: _Context) -> pb.CallResponse:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, f"{request.tok}: the simulated clouds have no resource methods")


def _from_json(value: Any) -> Any:
    if isinstance(value, Secret):
        return Secret(_from_json(value.value))
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _checked(inputs: Any, failures: list[schema.Failure]) -> pb.CheckResponse:
    found = [pb.CheckFailure(property=failure.property, reason=failure.reason) for failure in failures]
    return pb.CheckResponse(inputs=inputs, failures=found)


def _root(path: str) -> str:
    return path.partition("[")[0].partition(".")[0]


def _diff(old: Props, new: Props, replaces: Callable[[Change], bool]) -> pb.DiffResponse:
    answer = pb.DiffResponse(changes=pb.DiffResponse.DIFF_NONE, hasDetailedDiff=True)
    for change in changes(old, new):
        if not change.path.startswith("__"):
            kind = "ADD" if change.old is None else "DELETE" if change.new is None else "UPDATE"
            root, anew = _root(change.path), replaces(change)
            kind += "_REPLACE" if anew else ""
            answer.detailedDiff[change.path].CopyFrom(pb.PropertyDiff(kind=kind, inputDiff=True))  # type: ignore[arg-type]  # protobuf takes names
            answer.changes = pb.DiffResponse.DIFF_SOME
            answer.diffs.extend({root} - set(answer.diffs))
            answer.replaces.extend({root} - set(answer.replaces) if anew else ())
    return answer
