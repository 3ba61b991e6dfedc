using System.Text.Json;

namespace SmimeOperator.Intune;

/// <summary>Reads the parts of a snapshot from the tenant: collection by collection, never object by object.</summary>
internal sealed class SnapshotReader(GraphPager pager, GraphBatch batch, GraphRequests requests, SnapshotStore store, TimeProvider time, long epoch)
{
    /// <summary>The path of the imported certificates.</summary>
    public const string CertificatePath = "/deviceManagement/userPfxCertificates";

    private const string Apps =
        "(isof('microsoft.graph.iosStoreApp') or isof('microsoft.graph.iosVppApp') or isof('microsoft.graph.androidManagedStoreApp'))";

    /// <summary>The part that holds a collection.</summary>
    public static SnapshotPart PartOf(TenantCollection collection) => collection switch
    {
        TenantCollection.MobileApps => SnapshotPart.MobileApps,
        TenantCollection.AppConfigurations => SnapshotPart.AppConfigurations,
        _ => SnapshotPart.DeviceConfigurations,
    };

    /// <summary>A collection's path below a version's root.</summary>
    public static string PathOf(TenantCollection collection) => collection switch
    {
        TenantCollection.MobileApps => "/deviceAppManagement/mobileApps",
        TenantCollection.AppConfigurations => "/deviceAppManagement/mobileAppConfigurations",
        _ => "/deviceManagement/deviceConfigurations",
    };

    /// <summary>Reads one part into the store. A fault of the part is kept there and returned.</summary>
    public async Task<TenantException?> ReadAsync(SnapshotPart part, CancellationToken cancellationToken)
    {
        var begun = time.GetElapsedTime(epoch);
        try
        {
            await (part switch
            {
                SnapshotPart.MobileApps => ReadObjectsAsync(part, TenantCollection.MobileApps, begun, cancellationToken),
                SnapshotPart.AppConfigurations => ReadObjectsAsync(part, TenantCollection.AppConfigurations, begun, cancellationToken),
                SnapshotPart.DeviceConfigurations => ReadObjectsAsync(part, TenantCollection.DeviceConfigurations, begun, cancellationToken),
                SnapshotPart.ImportedCertificates => ReadCertificatesAsync(begun, cancellationToken),
                SnapshotPart.Connectors => ReadConnectorsAsync(begun, cancellationToken),
                SnapshotPart.DerivedCredentials => ReadIssuersAsync(begun, cancellationToken),
                _ => ReadFiltersAsync(begun, cancellationToken),
            });
            return null;
        }
        catch (TenantException e) when (e.Kind is not (FaultKind.CredentialsInvalid or FaultKind.WrongTenant))
        {
            store.Failed(part, e, begun);
            return e;
        }
    }

    private async Task ReadObjectsAsync(SnapshotPart part, TenantCollection collection, TimeSpan begun, CancellationToken cancellationToken)
    {
        var path = PathOf(collection);
        var address = collection == TenantCollection.MobileApps
            ? OData.Query(path, ("filter", Apps), ("expand", "assignments"))
            : OData.Query(path, ("expand", "assignments"));
        var list = new Dictionary<string, TenantObject>(StringComparer.OrdinalIgnoreCase);
        var silent = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        await ListAsync("list-" + path[(path.LastIndexOf('/') + 1)..], "Reading " + Words(collection), address, item =>
        {
            var (value, hasAssignments) = TenantObjectJson.Read(collection, item);
            list[value.Id] = value;
            _ = hasAssignments ? silent.Remove(value.Id) : silent.Add(value.Id);
        }, cancellationToken);
        await ReadAssignmentsAsync(collection, list, [.. silent], cancellationToken);
        await ReadReferencesAsync(collection, list, cancellationToken);
        store.ReadObjects(part, collection, list, begun);
    }

    // An empty list of assignments is an answer; a page that does not speak of assignments at all is none.
    private async Task ReadAssignmentsAsync(
        TenantCollection collection, Dictionary<string, TenantObject> list, string[] silent, CancellationToken cancellationToken)
    {
        const string Operation = "list-assignments";
        if (silent.Length == 0)
        {
            return;
        }

        var attempt = "Reading the assignments of " + Words(collection);
        var addresses = silent.Select(id => $"{PathOf(collection)}/{Uri.EscapeDataString(id)}/assignments").ToList();
        var pages = await batch.ReadAsync(Operation, attempt, requests.Beta, addresses, cancellationToken);
        for (var i = 0; i < silent.Length; i++)
        {
            var found = new Dictionary<string, TenantAssignment>(StringComparer.Ordinal);
            Action<JsonElement> keep = item => found[GraphJson.Text(item, "id") ?? item.GetRawText()] = AssignmentJson.Read(collection, item);
            if (!GraphJson.IsPage(pages[i]))
            {
                throw Fault.Malformed(GraphCall.Read(Operation, attempt), "a part of the batch is no list.");
            }

            GraphJson.Items(pages[i]).ToList().ForEach(keep);
            if (GraphJson.NextLink(pages[i]) is { } next)
            {
                await ListAsync(Operation, attempt, next, keep, cancellationToken);
            }

            list[silent[i]] = list[silent[i]] with { Assignments = [.. found.Values] };
        }
    }

    // A list does not show what an object refers to; only few types refer to anything, and twenty references are one request.
    private async Task ReadReferencesAsync(TenantCollection collection, Dictionary<string, TenantObject> list, CancellationToken cancellationToken)
    {
        var all = list.Values.SelectMany(o => ReferenceJson.Of(o.Type).Select(n => (Object: o, Navigation: n))).ToLookup(w => ReferenceJson.MayBeRefused(w.Navigation));
        await ReadReferencesAsync(collection, list, [.. all[false]], cancellationToken);
        try
        {
            await ReadReferencesAsync(collection, list, [.. all[true]], cancellationToken);
        }
        catch (TenantException e) when (e.Kind == FaultKind.Rejected)
        {
            // Unknown, then: what is not known is not compared.
        }
    }

    private async Task ReadReferencesAsync(
        TenantCollection collection, Dictionary<string, TenantObject> list, IReadOnlyList<(TenantObject Object, string Navigation)> wanted, CancellationToken cancellationToken)
    {
        if (wanted.Count == 0)
        {
            return;
        }

        var addresses = wanted.Select(w => $"{PathOf(collection)}/{Uri.EscapeDataString(w.Object.Id)}/microsoft.graph.{w.Object.Type}/{w.Navigation}").ToList();
        var answers = await batch.ReadAsync(
            "list-references", "Reading what the profiles refer to", requests.Beta, addresses, cancellationToken, mayBeAbsent: true);
        foreach (var references in wanted.Zip(answers).GroupBy(a => a.First.Object.Id, StringComparer.OrdinalIgnoreCase))
        {
            list[references.Key] = list[references.Key] with
            {
                References = list[references.Key].References
                    .Concat(references.Select(r => KeyValuePair.Create(r.First.Navigation, GraphJson.Text(r.Second, "id"))))
                    .ToDictionary(StringComparer.Ordinal),
            };
        }
    }

    private async Task ReadCertificatesAsync(TimeSpan begun, CancellationToken cancellationToken)
    {
        var list = new Dictionary<string, ImportedCertificate>(StringComparer.OrdinalIgnoreCase);
        var pool = new StringPool();
        await pager.ReadAsync(
            "list-userPfxCertificates",
            "Reading the imported certificates",
            requests.Beta + CertificatePath,
            (body, token) => CertificatePageParser.ReadAsync(body, pool, c => list[c.Id] = c, token),
            null,
            cancellationToken);
        store.ReadCertificates(list, begun);
    }

    private async Task ReadConnectorsAsync(TimeSpan begun, CancellationToken cancellationToken)
    {
        var connectors = new Dictionary<string, JsonElement>(StringComparer.OrdinalIgnoreCase);
        var details = new Dictionary<string, JsonElement>(StringComparer.OrdinalIgnoreCase);
        await Task.WhenAll(
            ListAsync("list-ndesConnectors", "Reading the connectors", "/deviceManagement/ndesConnectors", c => connectors[GraphJson.IdOf(c)] = c, cancellationToken),
            ReadDetailsAsync(details, cancellationToken));
        store.ReadConnectors(ConnectorJson.Join(connectors.Values, details.Values), begun);
    }

    // Not every tenant has this collection; what it says is only an addition to the other.
    private async Task ReadDetailsAsync(Dictionary<string, JsonElement> details, CancellationToken cancellationToken)
    {
        try
        {
            await ListAsync(
                "list-certificateConnectorDetails",
                "Reading the connectors' details",
                "/deviceManagement/certificateConnectorDetails",
                d => details[GraphJson.IdOf(d)] = d,
                cancellationToken);
        }
        catch (TenantException e) when (e.Kind is FaultKind.NotFound or FaultKind.Rejected or FaultKind.PermissionMissing)
        {
            details.Clear();
        }
    }

    private async Task ReadFiltersAsync(TimeSpan begun, CancellationToken cancellationToken)
    {
        var list = new Dictionary<string, AssignmentFilter>(StringComparer.OrdinalIgnoreCase);
        await ListAsync("list-assignmentFilters", "Reading the assignment filters", "/deviceManagement/assignmentFilters", item =>
        {
            var id = GraphJson.IdOf(item).ToLowerInvariant();
            list[id] = new AssignmentFilter(id, GraphJson.Text(item, "displayName") ?? "", GraphJson.Text(item, "platform"));
        }, cancellationToken);
        store.ReadFilters([.. list.Values.OrderBy(f => f.Id, StringComparer.Ordinal)], begun);
    }

    private async Task ReadIssuersAsync(TimeSpan begun, CancellationToken cancellationToken)
    {
        var list = new Dictionary<string, DerivedCredentialIssuer>(StringComparer.OrdinalIgnoreCase);
        await ListAsync("list-derivedCredentials", "Reading the issuers of derived credentials", "/deviceManagement/derivedCredentials",
            item => list[GraphJson.IdOf(item)] = DerivedCredentialIssuer.Read(item), cancellationToken);
        store.ReadIssuers([.. list.Values.OrderBy(i => i.Id, StringComparer.Ordinal)], begun);
    }

    private Task<bool> ListAsync(string operation, string attempt, string address, Action<JsonElement> item, CancellationToken cancellationToken) =>
        pager.ReadAsync(
            operation,
            attempt,
            address.StartsWith('/') ? requests.Beta + address : address,
            async (body, token) =>
            {
                var page = await GraphJson.ReadAsync(body, token);
                foreach (var found in GraphJson.Items(page))
                {
                    item(found);
                }

                return GraphJson.NextLink(page);
            },
            null,
            cancellationToken);

    private static string Words(TenantCollection collection) => collection switch
    {
        TenantCollection.MobileApps => "the apps",
        TenantCollection.AppConfigurations => "the app configuration policies",
        _ => "the device configurations",
    };
}
