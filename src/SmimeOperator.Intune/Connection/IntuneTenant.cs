using Microsoft.Extensions.Logging;
using Microsoft.Graph;
using Microsoft.Graph.Models;
using SmimeOperator.Intune.Models;

namespace SmimeOperator.Intune;

/// <summary>One tenant: puts its parts together and hands each request to the one that knows it.</summary>
internal sealed class IntuneTenant : IIntuneTenant
{
    private readonly TenantConnection _connection;
    private readonly RequestBudget _budget;
    private readonly IDisposable _observed;
    private readonly AccessTokens _tokens;
    private readonly HttpClient _http;
    private readonly GraphServiceClient _client;
    private readonly GraphSender _sender;
    private readonly GraphRequests _requests;
    private readonly TenantGate _gate;
    private readonly SnapshotStore _store;
    private readonly SnapshotKeeper _keeper;
    private readonly ObjectWriter _writer;
    private readonly CertificateImporter _importer;
    private readonly MemberDirectory _members;
    private readonly MembershipReader _memberships;
    private readonly CoalescingLookup<DirectoryUser> _users;
    private readonly CoalescingLookup<DirectoryUser> _usersById;
    private readonly CoalescingLookup<IReadOnlyList<DirectoryGroup>> _groupsByName;
    private readonly CoalescingLookup<DirectoryGroup> _groupsById;
    private readonly CoalescingLookup<TenantDelivery> _deliveries;

    /// <summary>A connection over shared network connections.</summary>
    public IntuneTenant(
        TenantConnection connection, HttpMessageHandler connections, IntuneOptions options, IntuneMetrics metrics, IWriteFence fence, TimeProvider time,
        ILogger logger)
    {
        var epoch = time.GetTimestamp();
        IsDryRun = options.DryRun;
        _connection = connection;
        _budget = new RequestBudget(connection.WritesPer20s, connection.RequestsPer20s, options.ThrottlePatience, time);
        _observed = metrics.Observe(connection.TenantId, _budget);
        _tokens = new AccessTokens(connection, time);
        _http = new HttpClient(GraphHandlers.Pipeline(connections, _budget, metrics, options, fence, time, logger))
        {
            // Requests have a time-out of their own, which leaves out the time spent in line.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _requests = new GraphRequests(connection.GraphRoot);
        _client = new GraphServiceClient(_http, new BearerAuthentication(_tokens, connection.GraphRoot), _requests.V1);
        _sender = new GraphSender(_client.RequestAdapter, _budget, _tokens, metrics, options, time, logger);
        _sender.Gate = _gate = new TenantGate(connection, _tokens, AskTenantAsync);
        var pager = new GraphPager(_sender, _requests);
        var batch = new GraphBatch(_sender, _budget, metrics, options, time);
        _store = new SnapshotStore(options.ConsistencyGrace);
        var reader = new SnapshotReader(pager, batch, _requests, _store, time, epoch);
        _keeper = new SnapshotKeeper(reader, _store, options, time, logger, connection.TenantId);
        _writer = new ObjectWriter(_sender, _requests, _store, time, epoch);
        _importer = new CertificateImporter(_sender, _requests, _store, options, time, epoch, logger);
        var users = new UserDirectory(pager, batch, _requests, _store, options);
        var groups = new GroupDirectory(_sender, pager, batch, _requests, _client, _store);
        _members = new MemberDirectory(batch, _requests, options);
        _memberships = new MembershipReader(_sender, _requests, _members);
        _users = new CoalescingLookup<DirectoryUser>(users.FindAsync, options, time);
        _usersById = new CoalescingLookup<DirectoryUser>(users.FindByIdAsync, options, time);
        _groupsById = new CoalescingLookup<DirectoryGroup>(groups.FindByIdAsync, options, time);
        _groupsByName = new CoalescingLookup<IReadOnlyList<DirectoryGroup>>(
            async (names, cancellationToken) =>
            {
                // Who asks for a name goes on by id.
                var found = await groups.FindByNameAsync(names, cancellationToken);
                _groupsById.Learn(found.Values.SelectMany(g => g).ToDictionary(g => g.Id));
                return found;
            },
            options,
            time);

        // Counts are gathered and never remembered: who asks wants them as they are.
        var gathered = new IntuneOptions { DirectoryWindow = options.DirectoryWindow, DirectoryMemory = TimeSpan.Zero, DirectoryAbsenceMemory = TimeSpan.Zero };
        _deliveries = new CoalescingLookup<TenantDelivery>(new DeliveryReader(batch, _requests).FindAsync, gathered, time);
    }

    /// <inheritdoc/>
    public bool IsDryRun { get; }

    /// <inheritdoc/>
    public TenantSnapshot? Current => _store.Current;

    /// <inheritdoc/>
    public async Task<TenantAccess> VerifyAccessAsync(CancellationToken cancellationToken)
    {
        await _gate.PassAsync(cancellationToken);
        if (!_tokens.HasCredential)
        {
            return new TenantAccess(_connection.TenantId, null);
        }

        var (_, claims) = await _tokens.GetAsync(cancellationToken);
        return new TenantAccess(claims.TenantId!, claims.Permissions);
    }

    /// <inheritdoc/>
    public Task<TenantSnapshot> GetSnapshotAsync(TimeSpan maxAge, CancellationToken cancellationToken) => _keeper.GetAsync(maxAge, cancellationToken);

    /// <inheritdoc/>
    public Task<SnapshotChange> RefreshAsync(CancellationToken cancellationToken) => _keeper.RefreshAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<TenantSnapshot> RereadAsync(SnapshotPart part, CancellationToken cancellationToken) => _keeper.RereadAsync(part, cancellationToken);

    /// <inheritdoc/>
    public Task<Written<TenantObject>> CreateAsync(TenantCollection collection, Entity body, RequestLane lane, CancellationToken cancellationToken) =>
        _writer.CreateAsync(collection, body, lane, cancellationToken);

    /// <inheritdoc/>
    public Task<Written<TenantObject>> UpdateAsync(TenantObject current, Entity body, RequestLane lane, CancellationToken cancellationToken) =>
        _writer.UpdateAsync(current, body, lane, cancellationToken);

    /// <inheritdoc/>
    public Task<Written<TenantObject>> BindAsync(
        TenantObject current, string navigation, string path, RequestLane lane, CancellationToken cancellationToken) =>
        _writer.BindAsync(current, navigation, path, lane, cancellationToken);

    /// <inheritdoc/>
    public Task<Written<TenantObject>> AssignAsync(
        TenantObject current, IReadOnlyCollection<TenantAssignment> assignments, RequestLane lane, CancellationToken cancellationToken) =>
        _writer.AssignAsync(current, assignments, lane, cancellationToken);

    /// <inheritdoc/>
    public Task<Written<string>> DeleteAsync(TenantCollection collection, string id, RequestLane lane, CancellationToken cancellationToken) =>
        _writer.DeleteAsync(collection, id, lane, cancellationToken);

    /// <inheritdoc/>
    public Task<Written<ImportedCertificate>> ImportAsync(
        UserPfxCertificate body, string userId, RequestLane lane, CancellationToken cancellationToken) =>
        _importer.ImportAsync(body, userId, lane, cancellationToken);

    /// <inheritdoc/>
    public Task<Written<string>> DeleteImportAsync(string id, RequestLane lane, CancellationToken cancellationToken) =>
        _importer.DeleteAsync(id, lane, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, DirectoryUser>> FindUsersAsync(
        IReadOnlyCollection<string> userPrincipalNames, CancellationToken cancellationToken) =>
        _users.FindAsync(userPrincipalNames, null, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, DirectoryUser>> FindUsersByIdAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        _usersById.FindAsync(ids, null, cancellationToken);

    /// <inheritdoc/>
    public async Task<ILookup<string, DirectoryGroup>> FindGroupsByNameAsync(
        IReadOnlyCollection<string> displayNames, Func<IEnumerable<string>>? soon, CancellationToken cancellationToken)
    {
        var found = await _groupsByName.FindAsync(displayNames, soon, cancellationToken);
        return found.SelectMany(n => n.Value, (name, group) => (Name: name.Key, Group: group))
            .ToLookup(g => g.Name, g => g.Group, StringComparer.OrdinalIgnoreCase);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, DirectoryGroup>> FindGroupsByIdAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        _groupsById.FindAsync(ids, null, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, GroupMembers>> FindMembersAsync(IReadOnlyCollection<string> groupIds, CancellationToken cancellationToken) =>
        OfGroupsAsync(groupIds, (groups, permissions) => _members.ReadAsync(groups, permissions, cancellationToken), GroupMembers.Nobody, GroupMembers.Unknown, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, Membership>> FindMembershipsAsync(string userId, IReadOnlyCollection<string> groupIds, CancellationToken cancellationToken) =>
        OfGroupsAsync(groupIds, (groups, permissions) => _memberships.ReadAsync(userId, groups, permissions, cancellationToken), Membership.Stranger, Membership.Unknown, cancellationToken);

    /// <inheritdoc/>
    public Task<int> CountUsersAsync(CancellationToken cancellationToken) => _members.CountUsersAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, TenantDelivery>> FindDeliveryAsync(
        IReadOnlyCollection<(TenantCollection Collection, string Id)> objects, CancellationToken cancellationToken)
    {
        var found = await _deliveries.FindAsync([.. objects.Select(o => DeliveryReader.KeyOf(o.Collection, o.Id))], null, cancellationToken);
        return objects.Where(o => found.ContainsKey(DeliveryReader.KeyOf(o.Collection, o.Id)))
            .ToDictionary(o => o.Id, o => found[DeliveryReader.KeyOf(o.Collection, o.Id)], StringComparer.OrdinalIgnoreCase);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _keeper.Dispose();
        _users.Dispose();
        _usersById.Dispose();
        _groupsByName.Dispose();
        _groupsById.Dispose();
        _deliveries.Dispose();
        _observed.Dispose();
        _budget.Dispose();
        _client.Dispose();
        _http.Dispose();
        _gate.Dispose();
        _tokens.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<IReadOnlyDictionary<string, T>> OfGroupsAsync<T>(
        IReadOnlyCollection<string> groupIds, Func<IReadOnlyCollection<DirectoryGroup>, IReadOnlySet<string>?, Task<IReadOnlyDictionary<string, T>>> read,
        T ofAbsent, Func<string, T> unknown, CancellationToken cancellationToken)
    {
        try
        {
            var groups = await FindGroupsByIdAsync(groupIds, cancellationToken);
            var access = await VerifyAccessAsync(cancellationToken);
            var found = await read([.. groups.Values], access.Permissions);
            return groupIds.Distinct(StringComparer.OrdinalIgnoreCase).ToDictionary(id => id, id => found.GetValueOrDefault(id, ofAbsent), StringComparer.OrdinalIgnoreCase);
        }
        catch (TenantException fault)
        {
            return groupIds.Distinct(StringComparer.OrdinalIgnoreCase).ToDictionary(id => id, _ => unknown(fault.Message), StringComparer.OrdinalIgnoreCase);
        }
    }

    private async Task<string> AskTenantAsync(CancellationToken cancellationToken)
    {
        var call = GraphCall.Read("get-organization", "Asking which tenant this is");
        return await _sender.SendAsync(
            call,
            () => GraphRequests.Get(_requests.V1 + OData.Query("/organization", ("select", "id"))),
            static async (body, token) => GraphJson.IdOf(GraphJson.Items(await GraphJson.ReadAsync(body, token)).FirstOrDefault()),
            cancellationToken,
            passGate: false);
    }
}
