using Microsoft.Graph.Models;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>An object that a resource wants in the tenant.</summary>
internal sealed record DesiredObject
{
    /// <summary>The part it plays for the resource; unique in the resource, stable over time.</summary>
    public required string Role { get; init; }

    /// <summary>What is known of its type.</summary>
    public required ObjectShape Shape { get; init; }

    /// <summary>When it is made.</summary>
    public required ChangeStage Stage { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The mark that makes it ours.</summary>
    public required OwnershipMark Mark { get; init; }

    /// <summary>
    /// Composes the fields that the spec states, and no others: over nothing for a creation and for comparison; over what is there
    /// for an update, which leaves out what is fixed at creation.
    /// </summary>
    public required Func<OwnershipMark, TenantObject?, Entity> Compose { get; init; }

    /// <summary>Adds to an update's body what others wrote into the object, where the service would drop it otherwise.</summary>
    public Action<Entity, TenantObject, IReadOnlySet<string>>? KeepForeign { get; init; }

    /// <summary>What it refers to.</summary>
    public IReadOnlyList<DesiredReference> References { get; init; } = [];

    /// <summary>Whether it takes the place of an object that played another role: that one goes only when this one is there and has its people.</summary>
    public Func<string, bool> TakesPlaceOf { get; init; } = static _ => false;

    /// <summary>What is compared.</summary>
    public Entity Body => Adopted?.Keep(this, Compose(Mark, null)) ?? Compose(Mark, null);

    /// <summary>Hash of what is wanted; the baseline that tells a change in git from drift. Texts that are not the spec's do not count.</summary>
    public string Hash => BodyJson.HashOf(BodyJson.Of(Adopted is null ? Body : (this with { Adopted = Adopted with { Found = null } }).Body), References.Select(r => $"{r.Navigation}={r.Role}"));

    /// <summary>What a creation sends: the fields, and what it refers to.</summary>
    public Entity CreationBody
    {
        get
        {
            var body = Body;
            foreach (var reference in References)
            {
                body.AdditionalData[reference.Navigation + "@odata.bind"] = reference.Path;
            }

            return body;
        }
    }

    /// <summary>What an update sends.</summary>
    public Entity BodyOver(TenantObject current)
    {
        if (Adopted is { } adopted && adopted.OnlyMarks)
        {
            return adopted.MarkOf(this);
        }

        var composed = Compose(Mark, current);
        var body = Adopted?.Keep(this, composed) ?? composed;
        KeepForeign?.Invoke(body, current, ReservedKeys);
        return body;
    }

    /// <summary>Keys of the settings list that are ours, so that a later spec without them removes them and nobody else's.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Keys that are ours even if nobody remembers writing them.</summary>
    public IReadOnlySet<string> ReservedKeys { get; init; } = new HashSet<string>();

    /// <summary>Takes over exactly this object.</summary>
    public string? AdoptId { get; init; }

    /// <summary>That the object is taken over as it is; null where its texts are the spec's.</summary>
    public AsFound? Adopted { get; init; }

    /// <summary>What an absent key of the settings means to the app; holds for objects that are taken over as they are.</summary>
    public IReadOnlyDictionary<string, string> Defaults { get; init; } = new Dictionary<string, string>();

    /// <summary>Takes over the one object of the same type and name that nobody owns.</summary>
    public bool AdoptIfUnique { get; init; }
}
