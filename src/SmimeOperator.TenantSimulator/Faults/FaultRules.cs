using System.Collections.Immutable;
using System.Text.RegularExpressions;
using SmimeOperator.TenantSimulator.Objects;
using SmimeOperator.TenantSimulator.Queries;
using SmimeOperator.TenantSimulator.Requests;

namespace SmimeOperator.TenantSimulator.Faults;

/// <summary>The rules in force. Each keeps count of what it matched.</summary>
internal sealed class FaultRules(Random random)
{
    private readonly Lock _gate = new();
    private volatile ImmutableList<ActiveFault> _rules = [];

    public IReadOnlyList<FaultRule> Current => [.. _rules.Select(r => r.Rule)];

    public void Add(FaultRule rule, IReadOnlyDictionary<string, IReadOnlyList<TenantObject>>? picture)
    {
        var fault = new ActiveFault(rule, picture);
        lock (_gate)
        {
            _rules = _rules.Add(fault);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _rules = [];
        }
    }

    /// <summary>The first rule that strikes this request; the others do not count it as theirs.</summary>
    public ActiveFault? Find(GraphRequest request)
    {
        if (_rules.IsEmpty)
        {
            return null;
        }

        lock (_gate)
        {
            var target = request.Query.Count == 0 ? request.Path : $"{request.Path}?{request.QueryText}";
            foreach (var fault in _rules)
            {
                if (fault.Matches(request.Method, target, PageOf(request)) && fault.Strikes(random))
                {
                    return fault;
                }
            }

            return null;
        }
    }

    private static int PageOf(GraphRequest request)
    {
        foreach (var (name, value) in request.Query)
        {
            if (name == "$skiptoken")
            {
                return QueryOptions.PageOf(value);
            }
        }

        return 1;
    }
}

/// <summary>A rule at work.</summary>
internal sealed class ActiveFault
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    private readonly Regex? _method;
    private readonly Regex? _path;
    private int _matches;
    private int _strikes;

    public ActiveFault(FaultRule rule, IReadOnlyDictionary<string, IReadOnlyList<TenantObject>>? picture)
    {
        Rule = rule;
        Picture = picture;
        _method = rule.Method is null ? null : new Regex($"^(?:{rule.Method})$", RegexOptions.IgnoreCase, MatchTimeout);
        _path = rule.Path is null ? null : new Regex(rule.Path, RegexOptions.IgnoreCase, MatchTimeout);
    }

    public FaultRule Rule { get; }

    /// <summary>The collections as they were when a stale-list rule was set.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<TenantObject>>? Picture { get; }

    public bool Matches(string method, string target, int page) =>
        (_method?.IsMatch(method) ?? true)
        && (_path?.IsMatch(target) ?? true)
        && (Rule.Page is null || Rule.Page == page);

    public bool Strikes(Random random)
    {
        _matches++;
        var strikes = (Rule.Nth is null || Rule.Nth == _matches)
            && (Rule.Count is null || _strikes < Rule.Count)
            && (Rule.Probability is null || random.NextDouble() < Rule.Probability);
        _strikes += strikes ? 1 : 0;
        return strikes;
    }
}
