using Microsoft.Graph.Models;
using SmimeOperator.Intune.Models;

namespace SmimeOperator.Intune;

/// <summary>How urgent a request is; the budget serves the lanes in this order, and starves none.</summary>
public enum RequestLane
{
    /// <summary>A change that a person made in the spec.</summary>
    Change,

    /// <summary>New objects.</summary>
    Create,

    /// <summary>Deletions.</summary>
    Delete,

    /// <summary>Routine reads and corrections.</summary>
    Refresh,
}

/// <summary>What a write brought, and the client-request-id it was sent with.</summary>
/// <param name="Value">The object after the write.</param>
/// <param name="ClientRequestId">For logs and events.</param>
public sealed record Written<T>(T Value, string ClientRequestId);

/// <summary>What the token says about us.</summary>
/// <param name="TenantId">The tenant that issued it.</param>
/// <param name="Permissions">Application permissions it carries (roles); null where there is no token to read (type None).</param>
public sealed record TenantAccess(string TenantId, IReadOnlySet<string>? Permissions);

/// <summary>
/// One Intune tenant through one app registration. Everything that goes to the service passes the tenant's request budget.
/// Failures are <see cref="TenantException"/>. Writes are seen in <see cref="Current"/> at once (read your writes).
/// </summary>
public interface IIntuneTenant : IAsyncDisposable
{
    /// <summary>Whether writes are answered here and never sent (<see cref="IntuneOptions.DryRun"/>).</summary>
    bool IsDryRun { get; }

    /// <summary>The newest snapshot with our own writes in it; null until one was read.</summary>
    TenantSnapshot? Current { get; }

    /// <summary>Gets a token and holds it against the pinned tenant.</summary>
    Task<TenantAccess> VerifyAccessAsync(CancellationToken cancellationToken);

    /// <summary>The current snapshot if it is no older than <paramref name="maxAge"/>, otherwise a new one; callers at the same time share one read.</summary>
    Task<TenantSnapshot> GetSnapshotAsync(TimeSpan maxAge, CancellationToken cancellationToken);

    /// <summary>Reads the tenant whole and says what changed since the last read, our own writes left out.</summary>
    Task<SnapshotChange> RefreshAsync(CancellationToken cancellationToken);

    /// <summary>Reads one collection anew, for the look-up after a lost answer, and puts it into the snapshot.</summary>
    Task<TenantSnapshot> RereadAsync(SnapshotPart part, CancellationToken cancellationToken);

    /// <summary>Creates an object; what it refers to is written as name@odata.bind with a path from the version's root on. Not repeated by itself after a lost answer: <see cref="FaultKind.OutcomeUnknown"/>.</summary>
    Task<Written<TenantObject>> CreateAsync(TenantCollection collection, Entity body, RequestLane lane, CancellationToken cancellationToken);

    /// <summary>Changes the properties that <paramref name="body"/> carries, and no others.</summary>
    Task<Written<TenantObject>> UpdateAsync(TenantObject current, Entity body, RequestLane lane, CancellationToken cancellationToken);

    /// <summary>Makes a reference of an object lead to another one, such as /deviceManagement/deviceConfigurations('id').</summary>
    Task<Written<TenantObject>> BindAsync(TenantObject current, string navigation, string path, RequestLane lane, CancellationToken cancellationToken);

    /// <summary>Replaces an object's assignments, except those of policy sets.</summary>
    Task<Written<TenantObject>> AssignAsync(
        TenantObject current, IReadOnlyCollection<TenantAssignment> assignments, RequestLane lane, CancellationToken cancellationToken);

    /// <summary>Deletes an object; one that is gone already is fine.</summary>
    Task<Written<string>> DeleteAsync(TenantCollection collection, string id, RequestLane lane, CancellationToken cancellationToken);

    /// <summary>Imports a certificate; where the natural key exists already, its record is replaced (PATCH).</summary>
    Task<Written<ImportedCertificate>> ImportAsync(UserPfxCertificate body, string userId, RequestLane lane, CancellationToken cancellationToken);

    /// <summary>Deletes an imported certificate by its natural key. Counts only when a later list no longer shows it.</summary>
    Task<Written<string>> DeleteImportAsync(string id, RequestLane lane, CancellationToken cancellationToken);

    /// <summary>Users by principal name (any letter case), found in bulk; who is missing is not in the answer.</summary>
    Task<IReadOnlyDictionary<string, DirectoryUser>> FindUsersAsync(IReadOnlyCollection<string> userPrincipalNames, CancellationToken cancellationToken);

    /// <summary>Users by object id, found in bulk: a name may change, the id does not. Who is missing is not in the answer.</summary>
    Task<IReadOnlyDictionary<string, DirectoryUser>> FindUsersByIdAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken);

    /// <summary>Groups by exact name (any letter case); a name may bring several.</summary>
    /// <param name="displayNames">The names.</param>
    /// <param name="soon">Names that will be asked for soon: where the directory has to be asked, it is asked for them too. Called outside of any lock, and not every time.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<ILookup<string, DirectoryGroup>> FindGroupsByNameAsync(
        IReadOnlyCollection<string> displayNames, Func<IEnumerable<string>>? soon, CancellationToken cancellationToken);

    /// <summary>Groups by id; who is missing is not in the answer.</summary>
    Task<IReadOnlyDictionary<string, DirectoryGroup>> FindGroupsByIdAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken);

    /// <summary>Who is in groups, by their ids; a group that is not there has nobody. What cannot be read fails nothing: such members are not known, and say why.</summary>
    Task<IReadOnlyDictionary<string, GroupMembers>> FindMembersAsync(IReadOnlyCollection<string> groupIds, CancellationToken cancellationToken);

    /// <summary>Whether a user is in groups, by their ids; nobody is in a group that is not there. What cannot be read fails nothing: such a membership is not known, and says why.</summary>
    Task<IReadOnlyDictionary<string, Membership>> FindMembershipsAsync(string userId, IReadOnlyCollection<string> groupIds, CancellationToken cancellationToken);

    /// <summary>How many users the directory has.</summary>
    Task<int> CountUsersAsync(CancellationToken cancellationToken);

    /// <summary>What has reached devices of app policies and profiles, by their ids; what the service does not count is not in the answer. Reads of the same moment share requests.</summary>
    Task<IReadOnlyDictionary<string, TenantDelivery>> FindDeliveryAsync(
        IReadOnlyCollection<(TenantCollection Collection, string Id)> objects, CancellationToken cancellationToken);
}
