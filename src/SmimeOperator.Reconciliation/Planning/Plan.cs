using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>What is done to an object.</summary>
public enum ChangeAction
{
    /// <summary>It is made.</summary>
    Create,

    /// <summary>An existing object of somebody else becomes ours.</summary>
    Adopt,

    /// <summary>Its fields are changed.</summary>
    Update,

    /// <summary>Its assignments are changed.</summary>
    Assign,

    /// <summary>A certificate is imported.</summary>
    Import,

    /// <summary>It is deleted.</summary>
    Delete,

    /// <summary>It is left in the tenant, and no longer ours.</summary>
    Orphan,
}

/// <summary>Why something is done; decides whether drift settings hold it back.</summary>
public enum ChangeCause
{
    /// <summary>The resource says something new.</summary>
    Spec,

    /// <summary>The tenant was changed behind our back.</summary>
    Drift,

    /// <summary>The resource is being deleted.</summary>
    Deletion,
}

/// <summary>The order in which changes are made; deletions run in reverse after everything else.</summary>
public enum ChangeStage
{
    /// <summary>The app that everything else refers to.</summary>
    App,

    /// <summary>Root and intermediate certificates.</summary>
    Roots,

    /// <summary>Certificate profiles.</summary>
    Profiles,

    /// <summary>The native mail profile, which refers to certificate profiles.</summary>
    MailProfile,

    /// <summary>The app configuration policy.</summary>
    AppPolicy,

    /// <summary>Imported certificates.</summary>
    Imports,

    /// <summary>Assignments.</summary>
    Assignments,
}

/// <summary>One field that differs. Values are texts for people, and null for fields that are never shown.</summary>
/// <param name="Path">JSON pointer.</param>
/// <param name="Expected">What should be there.</param>
/// <param name="Observed">What is there.</param>
public sealed record FieldDifference(string Path, string? Expected, string? Observed);

/// <summary>One target that an object is assigned to.</summary>
/// <param name="Target">Whom it means.</param>
/// <param name="Intent">For apps the install intent; null for anything else.</param>
public sealed record AssignedTarget(AssignmentTarget Target, string? Intent)
{
    /// <summary>The targets of assignments.</summary>
    public static IReadOnlyList<AssignedTarget> Of(IEnumerable<TenantAssignment> assignments) => [.. assignments.Select(a => new AssignedTarget(a.Target, a.Intent))];
}

/// <summary>Whom an object is assigned to while a change is made.</summary>
/// <param name="Stays">Targets that have it before and after.</param>
/// <param name="Comes">Targets that get it.</param>
/// <param name="Goes">Targets that have it no more; one that comes too gets another intent or other settings.</param>
public sealed record Audience(IReadOnlyList<AssignedTarget> Stays, IReadOnlyList<AssignedTarget> Comes, IReadOnlyList<AssignedTarget> Goes)
{
    /// <summary>Of a change that leaves an object's assignments as they are.</summary>
    public static Audience Of(TenantObject current)
    {
        ArgumentNullException.ThrowIfNull(current);
        return new Audience(AssignedTarget.Of(current.Assignments), [], []);
    }

    /// <summary>Of an object that goes.</summary>
    public static Audience Leaving(TenantObject current)
    {
        ArgumentNullException.ThrowIfNull(current);
        return new Audience([], [], AssignedTarget.Of(current.Assignments));
    }
}

/// <summary>One change to the tenant, as a person reads it and as the applier makes it.</summary>
public sealed record PlannedChange
{
    /// <summary>What is done.</summary>
    public required ChangeAction Action { get; init; }

    /// <summary>Why.</summary>
    public required ChangeCause Cause { get; init; }

    /// <summary>When, in relation to the others.</summary>
    public required ChangeStage Stage { get; init; }

    /// <summary>The object's Graph type.</summary>
    public required string Type { get; init; }

    /// <summary>The part the object plays for the resource.</summary>
    public required string Role { get; init; }

    /// <summary>The object's name.</summary>
    public required string Name { get; init; }

    /// <summary>The object's id; null while it does not exist.</summary>
    public string? Id { get; init; }

    /// <summary>The fields that differ.</summary>
    public IReadOnlyList<FieldDifference> Differences { get; init; } = [];

    /// <summary>What the change does to people, where it takes something from them.</summary>
    public string? Disruption { get; init; }

    /// <summary>Whom it reaches through assignments; null where it reaches nobody by that way.</summary>
    public Audience? Audience { get; init; }

    /// <summary>Object id of the user whose certificate it is, without dashes; null for anything but imports.</summary>
    public string? UserKey { get; init; }

    /// <summary>Whether an object is taken over as it is: nothing but the operator's mark is written.</summary>
    public bool OnlyMarks { get; init; }

    /// <summary>How many deletions or unassignments it counts as for the guard.</summary>
    public int Removals { get; init; }

    /// <summary>Ids of the objects that take its place: the service must show them first.</summary>
    internal IReadOnlyList<string> Successors { get; init; } = [];

    /// <summary>For a creation, the id of the object that status names and the tenant did not show.</summary>
    internal string? Missing { get; init; }

    /// <summary>The step for the applier.</summary>
    internal ChangeStep? Step { get; init; }
}

/// <summary>A change that is due and held back.</summary>
/// <param name="Change">The change.</param>
/// <param name="Reason">Why: one of <see cref="Api.Reasons"/>.</param>
public sealed record HeldChange(PlannedChange Change, string Reason);

/// <summary>What has to be done for one resource: nothing but data, the same for the operator, for smimectl and for tests.</summary>
public sealed record Plan
{
    /// <summary>Nothing to do.</summary>
    public static Plan Empty { get; } = new();

    /// <summary>What is to be done, in order.</summary>
    public IReadOnlyList<PlannedChange> Changes { get; init; } = [];

    /// <summary>What is due and held back by drift settings.</summary>
    public IReadOnlyList<HeldChange> Held { get; init; } = [];

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => Changes.Count == 0;

    /// <summary>The changes that come first; the plan is made anew after they were made.</summary>
    public IReadOnlyList<PlannedChange> NextStage()
    {
        var building = Changes.Where(c => !IsRemoval(c)).ToList();
        if (building.Count > 0)
        {
            var first = building.Min(c => c.Stage);
            return [.. building.Where(c => c.Stage == first)];
        }

        if (IsEmpty)
        {
            return [];
        }

        var last = Changes.Max(c => c.Stage);
        return [.. Changes.Where(c => c.Stage == last)];
    }

    private static bool IsRemoval(PlannedChange change) => change.Action is ChangeAction.Delete or ChangeAction.Orphan;
}

/// <summary>What the applier does for a change.</summary>
internal abstract record ChangeStep
{
    /// <summary>The body is made when it is sent; what it is made from is in the closure, never a secret.</summary>
    public sealed record CreateObject(DesiredObject Desired) : ChangeStep;

    public sealed record UpdateObject(DesiredObject Desired, TenantObject Current) : ChangeStep;

    public sealed record DeleteObject(TenantCollection Collection, string Id) : ChangeStep;

    public sealed record AssignObject(TenantObject Current, IReadOnlyList<TenantAssignment> Assignments) : ChangeStep;

    public sealed record ImportCertificate(string Thumbprint) : ChangeStep;

    public sealed record DeleteImport(string Id) : ChangeStep;
}
