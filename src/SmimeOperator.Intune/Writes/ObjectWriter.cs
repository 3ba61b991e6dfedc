using System.Text.Json;
using Microsoft.Graph.Models;
using Microsoft.Kiota.Abstractions;

namespace SmimeOperator.Intune;

/// <summary>Makes, changes, assigns and deletes apps, policies and profiles; every write is in the snapshot when it returns.</summary>
internal sealed class ObjectWriter(GraphSender sender, GraphRequests requests, SnapshotStore store, TimeProvider time, long epoch)
{
    /// <summary>Creates an object.</summary>
    public async Task<Written<TenantObject>> CreateAsync(TenantCollection collection, Entity body, RequestLane lane, CancellationToken cancellationToken)
    {
        var json = ReferenceJson.Absolute(GraphBody.Serialize(body), requests.Beta);
        var call = GraphCall.Make("create-" + NameOf(collection), "Creating " + Describe(json), lane);
        var answer = await sender.SendAsync(
            call, () => GraphRequests.WithBody(Method.POST, AddressOf(collection), json), GraphJson.ReadIfAnyAsync, cancellationToken);
        if (GraphJson.Text(answer, "id") is not { Length: > 0 })
        {
            throw new TenantException(FaultKind.OutcomeUnknown, call.Attempt + " was accepted, but the answer does not say as what; it is looked up.")
            {
                ClientRequestId = call.ClientRequestId,
            };
        }

        var created = TenantObjectJson.AfterCreate(collection, answer, json);
        store.Put(created, Now());
        return new Written<TenantObject>(created, call.ClientRequestId);
    }

    /// <summary>Changes the properties that the body carries.</summary>
    public async Task<Written<TenantObject>> UpdateAsync(TenantObject current, Entity body, RequestLane lane, CancellationToken cancellationToken)
    {
        var json = GraphBody.Serialize(body);
        var call = GraphCall.Change("update-" + NameOf(current.Collection), "Changing " + Describe(current), lane);
        var answer = await sender.SendAsync(
            call, () => GraphRequests.WithBody(Method.PATCH, AddressOf(current), json), GraphJson.ReadIfAnyAsync, cancellationToken);
        var updated = TenantObjectJson.AfterUpdate(Newest(current), answer, json);
        store.Put(updated, Now());
        return new Written<TenantObject>(updated, call.ClientRequestId);
    }

    /// <summary>Makes a reference lead to another object; the path is that from the version's root on.</summary>
    public async Task<Written<TenantObject>> BindAsync(
        TenantObject current, string navigation, string path, RequestLane lane, CancellationToken cancellationToken)
    {
        var json = ReferenceJson.Link(requests.Beta, path);
        var call = GraphCall.Change("bind-" + NameOf(current.Collection), $"Changing {navigation} of " + Describe(current), lane);
        var address = $"{AddressOf(current)}/microsoft.graph.{current.Type}/{navigation}/$ref";
        await sender.SendAsync(call, () => GraphRequests.WithBody(Method.PUT, address, json), GraphJson.ReadIfAnyAsync, cancellationToken);
        var newest = Newest(current);
        var bound = newest with
        {
            References = new Dictionary<string, string?>(newest.References, StringComparer.Ordinal) { [navigation] = ReferenceJson.IdOf(path) },
        };
        store.Put(bound, Now());
        return new Written<TenantObject>(bound, call.ClientRequestId);
    }

    /// <summary>Replaces an object's assignments, except those of policy sets, which are not ours to send.</summary>
    public async Task<Written<TenantObject>> AssignAsync(
        TenantObject current, IReadOnlyCollection<TenantAssignment> assignments, RequestLane lane, CancellationToken cancellationToken)
    {
        var ours = assignments.Where(a => !a.FromPolicySet).ToList();
        var json = GraphBody.Serialize(AssignmentJson.Body(current.Collection, ours));
        // Only the form with the type's name is known to work for app configurations.
        var action = current.Collection == TenantCollection.AppConfigurations ? "/microsoft.graph.managedDeviceMobileAppConfiguration/assign" : "/assign";
        var call = GraphCall.Change("assign-" + NameOf(current.Collection), "Assigning " + Describe(current), lane);
        await sender.SendAsync(
            call, () => GraphRequests.WithBody(Method.POST, AddressOf(current) + action, json), GraphJson.ReadIfAnyAsync, cancellationToken);
        var newest = Newest(current);
        var assigned = newest with { Assignments = [.. ours, .. newest.Assignments.Where(a => a.FromPolicySet)] };
        store.Put(assigned, Now());
        return new Written<TenantObject>(assigned, call.ClientRequestId);
    }

    /// <summary>Deletes an object; one that is gone already is fine.</summary>
    public async Task<Written<string>> DeleteAsync(TenantCollection collection, string id, RequestLane lane, CancellationToken cancellationToken)
    {
        var described = store.Current?.Find(collection, id) is { } known ? Describe(known) : $"{NameOf(collection)}/{id}";
        var call = GraphCall.Change("delete-" + NameOf(collection), "Deleting " + described, lane);
        await sender.DeleteAsync(call, $"{AddressOf(collection)}/{Uri.EscapeDataString(id)}", cancellationToken);
        store.Remove(collection, id, Now());
        return new Written<string>(id, call.ClientRequestId);
    }

    private static string NameOf(TenantCollection collection)
    {
        var path = SnapshotReader.PathOf(collection);
        return path[(path.LastIndexOf('/') + 1)..];
    }

    private static string Describe(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return Describe(
            TenantObjectJson.TypeName(GraphJson.Text(document.RootElement, "@odata.type")), GraphJson.Text(document.RootElement, "displayName"));
    }

    private static string Describe(TenantObject value) => Describe(value.Type, value.DisplayName) + $" ({value.Id})";

    private static string Describe(string type, string? name) => $"{type} \"{name}\"";

    private string AddressOf(TenantCollection collection) => requests.Beta + SnapshotReader.PathOf(collection);

    private string AddressOf(TenantObject value) => $"{AddressOf(value.Collection)}/{Uri.EscapeDataString(value.Id)}";

    // The caller's version may be older than a write of our own that came between.
    private TenantObject Newest(TenantObject current) => store.Current?.Find(current.Collection, current.Id) ?? current;

    private TimeSpan Now() => time.GetElapsedTime(epoch);
}
