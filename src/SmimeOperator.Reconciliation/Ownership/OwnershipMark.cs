using System.Text.RegularExpressions;

namespace SmimeOperator.Reconciliation;

/// <summary>
/// The mark that tells whose an object in the tenant is. It stands at the end of the object's description (an app's notes), and
/// finds what we made when status was lost: a crash between the request and the status write, or a resource that git re-created.
/// </summary>
/// <param name="ClusterId">The cluster (or folder) that owns the object.</param>
/// <param name="Owner">The resource, as Kind/namespace/name.</param>
/// <param name="Uid">The resource's uid when the object was made.</param>
/// <param name="Role">The part the object plays for the resource.</param>
/// <param name="Adopted">Whether somebody else made the object; what the operator did not make it never deletes.</param>
public sealed partial record OwnershipMark(string ClusterId, string Owner, string Uid, string Role, bool Adopted = false)
{
    /// <summary>Whether this mark and another name the same object of the same resource; a re-created resource has another uid and still owns it.</summary>
    public bool SameObject(OwnershipMark? other) => other is not null && SameOwner(other) && Role == other.Role;

    /// <summary>Whether both marks name the same resource.</summary>
    public bool SameOwner(OwnershipMark other) => ClusterId == other.ClusterId && Owner == other.Owner;

    /// <summary>The mark as it is written.</summary>
    public override string ToString() => $"[smime-operator cluster={ClusterId} owner={Owner} uid={Uid} role={Role}{(Adopted ? " adopted" : "")}]";

    /// <summary>A person's text with the mark behind it.</summary>
    public string AppendTo(string? text) => string.IsNullOrWhiteSpace(text) ? ToString() : text.TrimEnd() + "\n\n" + ToString();

    /// <summary>A person's text with the mark in the place of the one that is there, or behind it.</summary>
    public string PutInto(string? text) => Find(text) is null ? AppendTo(text) : Pattern().Replace(text!, ToString().Replace("$", "$$", StringComparison.Ordinal), 1);

    /// <summary>The mark in a text, or null.</summary>
    public static OwnershipMark? Find(string? text)
    {
        if (string.IsNullOrEmpty(text) || Pattern().Match(text) is not { Success: true } match)
        {
            return null;
        }

        return new OwnershipMark(
            match.Groups["cluster"].Value, match.Groups["owner"].Value, match.Groups["uid"].Value, match.Groups["role"].Value,
            match.Groups["adopted"].Success);
    }

    [GeneratedRegex(
        @"\[smime-operator cluster=(?<cluster>[^\s\]]+) owner=(?<owner>[^\s\]]+) uid=(?<uid>[^\s\]]*) role=(?<role>[^\s\]]+)(?<adopted> adopted)?\]",
        RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
