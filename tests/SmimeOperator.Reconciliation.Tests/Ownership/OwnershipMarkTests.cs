using CsCheck;

namespace SmimeOperator.Reconciliation.Tests;

public sealed class OwnershipMarkTests
{
    private static readonly Gen<string> Name = Gen.String[Gen.Char["abcdefghijklmnopqrstuvwxyz0123456789-./"], 1, 40];

    private static readonly Gen<OwnershipMark> Mark = Gen.Select(Name, Name, Name, Name, Gen.Bool, (c, o, u, r, a) => new OwnershipMark(c, o, u, r, a));

    [Fact]
    public void A_mark_is_found_again_behind_whatever_a_person_wrote() =>
        Gen.Select(Gen.String, Mark).Sample((text, mark) =>
            OwnershipMark.Find(mark.AppendTo(text.Replace("[smime-operator", "", StringComparison.Ordinal))).ShouldBe(mark));

    [Fact]
    public void Any_text_is_read_without_an_exception() => Gen.String.Sample(text => OwnershipMark.Find(text));

    [Fact]
    public void A_resource_that_git_made_again_still_owns_what_its_predecessor_made()
    {
        var before = new OwnershipMark("c", "SmimePolicy/ns/a", "uid-1", "app-policy");
        before.SameObject(before with { Uid = "uid-2" }).ShouldBeTrue();
        before.SameObject(before with { ClusterId = "other" }).ShouldBeFalse();
        before.SameObject(before with { Owner = "SmimePolicy/ns/b" }).ShouldBeFalse();
        before.SameObject(before with { Role = "app" }).ShouldBeFalse();
    }
}
