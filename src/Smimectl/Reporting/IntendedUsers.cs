namespace Smimectl;

/// <summary>Who is meant to have encryption certificates: those whom the encryption profiles of the tenant are assigned to.</summary>
internal sealed record IntendedUsers
{
    /// <summary>Nobody is known to be.</summary>
    public static IntendedUsers Unknown(string why) => new() { IsComplete = false, Notes = [why] };

    /// <summary>Those who are told one by one, by object id in the form of the snapshot; with the name where one was looked up.</summary>
    public IReadOnlyDictionary<string, string?> Users { get; init; } = new Dictionary<string, string?>();

    /// <summary>Whether a profile goes to all users; they are not told one by one then.</summary>
    public bool IsEverybody { get; init; }

    /// <summary>How many users the directory has, where everybody is meant; null where that is not known.</summary>
    public int? Number { get; init; }

    /// <summary>Whether who is not told is surely not meant.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>What could not be told, in words.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether a user is meant; null where that is not known.</summary>
    /// <param name="key">The object id in the form of the snapshot; null for one whom neither the tenant nor those groups know.</param>
    public bool? Has(string? key) => key is not null && Users.ContainsKey(key) ? true : IsComplete ? IsEverybody : null;
}
