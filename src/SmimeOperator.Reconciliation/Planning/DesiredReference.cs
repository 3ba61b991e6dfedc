namespace SmimeOperator.Reconciliation;

/// <summary>A reference of a wanted object to another one.</summary>
/// <param name="Navigation">Graph's name for the reference.</param>
/// <param name="Role">The part that the other object plays for the same resource. It outlives the id, so it is what tells a change in git from drift.</param>
internal sealed record DesiredReference(string Navigation, string Role)
{
    /// <summary>The other object's id; null while it does not exist.</summary>
    public string? Id { get; init; }

    /// <summary>Whether the other object belongs to somebody else: its id was found beforehand, and is not looked up among the resource's own.</summary>
    public bool IsOutside { get; init; }

    /// <summary>Where the other object is found, from the version's root on; {id} stands for its id.</summary>
    public string PathFormat { get; init; } = "/deviceManagement/deviceConfigurations('{id}')";

    /// <summary>The other object's path from the version's root on.</summary>
    public string Path => PathFormat.Replace("{id}", Id, StringComparison.Ordinal);
}
