// The inline offer of the text editor: chosen in the product chooser, shown with its price in a tooltip.
(() => {
  const { ModalWorkflowSource, TooltipEntity, registerPlugin } = window.draftail;

  class OfferSource extends ModalWorkflowSource {
    getChooserConfig() {
      return {
        url: this.props.entityType.chooserUrls.offerChooser,
        urlParams: {},
        onload: window.CHOOSER_MODAL_ONLOAD_HANDLERS,
        responses: { chosen: this.onChosen },
      };
    }

    // Without selected words the product's name stands in the text; its price never does.
    onChosen(chosen) {
      super.onChosen({ ...chosen, title: chosen.name });
    }

    filterEntityData(chosen) {
      return { id: chosen.id, name: chosen.name, price: chosen.price };
    }
  }

  const Offer = (props) => {
    const { name, price } = props.contentState.getEntity(props.entityKey).getData();
    const label = [name, price].filter(Boolean).join(', ') || '?';
    return window.React.createElement(TooltipEntity, { ...props, icon: '#icon-tag', label, url: '' });
  };

  registerPlugin({ type: 'OFFER', source: OfferSource, decorator: Offer }, 'entityTypes');
})();
