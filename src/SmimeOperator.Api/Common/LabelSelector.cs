using System.Collections.Immutable;
using SmimeOperator.Api.Schema;

namespace SmimeOperator.Api;

/// <summary>Selects objects by their labels; an empty selector selects everything.</summary>
public sealed class LabelSelector
{
    /// <summary>Labels that the object must carry with just these values.</summary>
    [Items(64), Length(63)]
    public Dictionary<string, string>? MatchLabels { get; set; }

    /// <summary>Further demands on labels, all of which must hold.</summary>
    [Items(32)]
    public List<LabelRequirement>? MatchExpressions { get; set; }

    /// <summary>Whether an object with these labels is selected, as Kubernetes' own selectors decide it.</summary>
    public bool Matches(IReadOnlyDictionary<string, string>? labels)
    {
        labels ??= ImmutableDictionary<string, string>.Empty;
        return (MatchLabels ?? []).All(wanted => labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value)
            && (MatchExpressions ?? []).All(requirement => requirement.Holds(labels));
    }
}

/// <summary>One demand on a label.</summary>
[CelRule("(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
    "In and NotIn need values; Exists and DoesNotExist take none")]
public sealed class LabelRequirement
{
    /// <summary>The label's key.</summary>
    [Mandatory, Length(317, Min = 1)]
    public string Key { get; set; } = "";

    /// <summary>How the label is compared.</summary>
    [Mandatory]
    public LabelOperator? Operator { get; set; }

    /// <summary>The values for In and NotIn.</summary>
    [Items(64), Length(63)]
    public List<string>? Values { get; set; }

    internal bool Holds(IReadOnlyDictionary<string, string> labels)
    {
        var present = labels.TryGetValue(Key, out var value);
        return Operator switch
        {
            LabelOperator.In => present && IsListed(value!),
            LabelOperator.NotIn => !present || !IsListed(value!),
            LabelOperator.Exists => present,
            LabelOperator.DoesNotExist => !present,
            _ => false,
        };
    }

    private bool IsListed(string value) => Values?.Contains(value, StringComparer.Ordinal) ?? false;
}

/// <summary>How a label is compared.</summary>
public enum LabelOperator
{
    /// <summary>The label's value is one of the values.</summary>
    In,

    /// <summary>The label is absent or its value is none of the values.</summary>
    NotIn,

    /// <summary>The label is there.</summary>
    Exists,

    /// <summary>The label is absent.</summary>
    DoesNotExist,
}
