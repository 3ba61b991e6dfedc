namespace SmimeOperator.Runtime.Tests.Stores;

/// <summary>Identities are opaque: however they are kept, they come out letter for letter as they went in.</summary>
public sealed class ObjectMetadataTests
{
    [Theory]
    [InlineData("3f2504e0-4f89-11d3-9a0c-0305e82c3301", "4711")]
    [InlineData("3F2504E0-4F89-11D3-9A0C-0305E82C3301", "04711")]
    [InlineData("3f2504e04f8911d39a0c0305e82c3301", "+1")]
    [InlineData("00000000-0000-0000-0000-000000000000", "0")]
    [InlineData(" 3f2504e0-4f89-11d3-9a0c-0305e82c3301", " 1")]
    [InlineData("", "")]
    [InlineData("some other identity", "18446744073709551615")]
    [InlineData("1", "18446744073709551616")]
    [InlineData("1", "1.0")]
    public void They_come_out_as_they_went_in(string uid, string version)
    {
        var metadata = new ObjectMetadata { Key = new NamespacedName("a", "b"), Uid = uid, ResourceVersion = version };

        metadata.Uid.ShouldBe(uid);
        metadata.ResourceVersion.ShouldBe(version);
    }
}
